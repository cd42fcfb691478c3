import Matching
import PromotionModel

/// Reads one subscription of a warehouse.
enum SubscriptionReader {
    /// nil where it cannot be said what is watched.
    static func read(_ fields: inout FieldMap) -> Subscription? {
        defer { fields.finish() }
        var subscription = Subscription()
        if let name = fields.text("name"), !name.isEmpty {
            if !NameRule.isName(name, byteCountMax: 63) || name.contains(".") {
                fields.add(
                    "\"\(name)\" is no name of a subscription: lower-case letters, digits and -",
                    about: "name"
                )
            }
            subscription.name = name
        }
        let kinds = fields.otherNames(than: "name")
        guard kinds.count == 1, let kind = kinds.first else {
            fields.problems.add(
                "a subscription has exactly one of git, image and chart",
                at: fields.mark,
                field: fields.path
            )
            for kind in kinds { fields.ignore(kind) }
            return nil
        }
        guard ["git", "image", "chart"].contains(kind) else {
            generic(kind, subscription.name, &fields)
            return nil
        }
        guard var map = fields.requiredMap(kind) else { return nil }
        defer { map.finish() }
        switch kind {
        case "git": subscription.git = git(&map)
        case "image": subscription.image = image(&map)
        default: subscription.chart = chart(&map)
        }
        return subscription
    }

    /// A subscription to artifacts of another type: known by its name, which it must have.
    private static func generic(_ kind: String, _ name: String, _ fields: inout FieldMap) {
        fields.problems.add(
            "this version does not discover \"\(kind)\", only git repositories",
            at: fields.mark(of: kind),
            field: fields.path(of: kind),
            nearest: NearestName.nearest(to: kind, among: ["git", "image", "chart"]),
            // Without a name it can be no type of somebody's own, only a slip.
            isLimitation: !name.isEmpty
        )
        fields.ignore(kind)
    }

    private static let onlyGit = "this version discovers git repositories only"

    private static func git(_ fields: inout FieldMap) -> GitSubscription {
        var git = GitSubscription()
        git.repoURL = gitURL(&fields)
        git.strategy =
            fields.choice(
                "commitSelectionStrategy",
                [
                    "NewestFromBranch": .newestFromBranch, "SemVer": .semVer, "Lexical": .lexical,
                    "NewestTag": .newestTag,
                ]
            ) ?? .newestFromBranch
        git.branch = branch(&fields)
        git.semverConstraint = range(&fields, "semverConstraint")
        git.strictSemvers = fields.flag("strictSemvers") ?? true
        (git.allowTagsRegexes, git.ignoreTagsRegexes) = tagExpressions(&fields)
        if let filter = fields.text("expressionFilter"),
            filter.contains(where: { !$0.isWhitespace })
        {
            let isOfTags = git.strategy != .newestFromBranch
            let place = isOfTags ? ExpressionPlace.tagFilter : .commitFilter
            TemplateCheck.check(bare: filter, fields, "expressionFilter", place)
            git.expressionFilter = filter
        }
        git.includePaths = paths(&fields, "includePaths")
        git.excludePaths = paths(&fields, "excludePaths")
        git.discoveryLimit = fields.whole("discoveryLimit", in: 1...100) ?? 20
        if let since = fields.text("since"), !since.isEmpty {
            git.sinceMs = TimeText.momentMs(since)
            if git.sinceMs == nil {
                fields.add("a time such as 2026-01-31T12:00:00Z is wanted here", about: "since")
            }
        }
        git.insecureSkipTLSVerify = fields.flag("insecureSkipTLSVerify") ?? false
        fields.ignore("blobless")
        noticeWithoutEffect(git.strategy, &fields)
        return git
    }

    /// Kargo reads these and does nothing with them, which hides that something else was meant.
    private static func noticeWithoutEffect(
        _ strategy: CommitSelectionStrategy,
        _ fields: inout FieldMap
    ) {
        let tagFields = ["allowTagsRegexes", "ignoreTagsRegexes"]
        let branchFields = ["branch", "since"]
        // Not strictSemvers: an API server writes its default into every subscription.
        let versionFields = ["semverConstraint"]
        let names: [String]
        switch strategy {
        case .newestFromBranch: names = versionFields + tagFields
        case .semVer: names = branchFields
        case .lexical, .newestTag: names = branchFields + versionFields
        }
        for name in names {
            fields.notice(name, "the commitSelectionStrategy does not look at this")
        }
    }

    private static func image(_ fields: inout FieldMap) -> ImageSubscription {
        var image = ImageSubscription()
        image.repoURL = fields.requiredText("repoURL") ?? ""
        fields.problems.add(onlyGit, at: fields.mark, field: fields.path, isLimitation: true)
        image.strategy =
            fields.choice(
                "imageSelectionStrategy",
                [
                    "SemVer": .semVer, "Lexical": .lexical, "NewestBuild": .newestBuild,
                    "Digest": .digest,
                ]
            ) ?? .semVer
        image.constraint =
            image.strategy == .semVer
            ? range(&fields, "constraint")
            : fields.text("constraint").flatMap { $0.isEmpty ? nil : $0 }
        if image.strategy == .digest, image.constraint == nil {
            fields.add("the field is missing: Digest wants the tag to follow", about: "constraint")
        }
        image.strictSemvers = fields.flag("strictSemvers") ?? true
        (image.allowTagsRegexes, image.ignoreTagsRegexes) = tagExpressions(&fields)
        if let platform = fields.text("platform"), !platform.isEmpty {
            if !(2...3).contains(platform.split(separator: "/").count) {
                fields.add("a platform such as linux/amd64 is wanted here", about: "platform")
            }
            image.platform = platform
        }
        image.discoveryLimit = fields.whole("discoveryLimit", in: 1...100) ?? 20
        image.insecureSkipTLSVerify = fields.flag("insecureSkipTLSVerify") ?? false
        fields.ignore("cacheByTag")
        return image
    }

    private static func chart(_ fields: inout FieldMap) -> ChartSubscription {
        var chart = ChartSubscription()
        chart.repoURL = fields.requiredText("repoURL") ?? ""
        fields.problems.add(onlyGit, at: fields.mark, field: fields.path, isLimitation: true)
        refuseUserInfo(chart.repoURL, fields)
        chart.chartName = fields.text("name") ?? ""
        let isOCI = chart.repoURL.hasPrefix("oci://")
        if isOCI, !chart.chartName.isEmpty {
            fields.add("the chart's name is a part of an oci:// URL", about: "name")
        } else if !isOCI, chart.chartName.isEmpty {
            fields.add("the field is missing: a repository has many charts", about: "name")
        }
        if !isOCI, !chart.repoURL.isEmpty, !isHTTP(chart.repoURL) {
            fields.add("an http://, https:// or oci:// URL is wanted here", about: "repoURL")
        }
        chart.semverConstraint = range(&fields, "semverConstraint")
        chart.discoveryLimit = fields.whole("discoveryLimit", in: 1...100) ?? 20
        fields.ignore("insecureSkipTLSVerify")
        return chart
    }

    // MARK: - Fields

    private static func gitURL(_ fields: inout FieldMap) -> String {
        guard let text = fields.requiredText("repoURL") else { return "" }
        let url = RepositoryURL.sanitized(text)
        let isKnown =
            isHTTP(url) || url.hasPrefix("ssh://") || url.hasPrefix("file:///")
            || !url.contains("://") && url.contains(":")
                && GitURL.normalized(url).hasPrefix("ssh://")
        if !isKnown {
            fields.add(
                "an https://, ssh:// or file:// URL, or user@host:path, is wanted here",
                about: "repoURL"
            )
        }
        refuseUserInfo(url, fields)
        return url
    }

    /// Credentials do not belong into a ledger that is kept for ever.
    private static func refuseUserInfo(_ url: String, _ fields: FieldMap) {
        guard let user = RepositoryURL.userInfo(of: url) else { return }
        // An ssh URL's user is a part of the address, its password is not.
        if url.hasPrefix("ssh://"), !user.contains(":") { return }
        fields.add(
            "a URL in a manifest holds no user or password: the ledger keeps it for ever",
            about: "repoURL"
        )
    }

    private static func isHTTP(_ url: String) -> Bool {
        url.hasPrefix("https://") || url.hasPrefix("http://")
    }

    /// Kargo's `^[a-zA-Z0-9]([a-zA-Z0-9._\/-]*[a-zA-Z0-9_-])?$`, at most 255 bytes.
    private static func branch(_ fields: inout FieldMap) -> String? {
        guard let text = fields.text("branch"), !text.isEmpty else { return nil }
        func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte)
        }
        let bytes = Array(text.utf8)
        let isBranch =
            bytes.count <= 255 && isWord(bytes[0])
            && bytes.allSatisfy { isWord($0) || "._/-".utf8.contains($0) }
            && (isWord(bytes[bytes.count - 1]) || "_-".utf8.contains(bytes[bytes.count - 1]))
        if !isBranch { fields.add("this is no name of a branch", about: "branch") }
        return text
    }

    private static func range(_ fields: inout FieldMap, _ name: String) -> String? {
        guard let text = fields.text(name), !text.isEmpty else { return nil }
        do {
            _ = try VersionRange(text)
        } catch {
            fields.add(error.description, about: name)
        }
        return text
    }

    private static func tagExpressions(_ fields: inout FieldMap) -> ([String], [String]) {
        fields.refuse("allowTags", because: "Kargo no longer reads this: write allowTagsRegexes")
        fields.refuse("ignoreTags", because: "Kargo no longer reads this: write ignoreTagsRegexes")
        return (expressions(&fields, "allowTagsRegexes"), expressions(&fields, "ignoreTagsRegexes"))
    }

    private static func expressions(_ fields: inout FieldMap, _ name: String) -> [String] {
        let texts = fields.texts(name)
        for text in texts {
            do {
                _ = try RegularExpression(text)
            } catch {
                fields.add(error.description, about: name)
            }
        }
        return texts
    }

    private static func paths(_ fields: inout FieldMap, _ name: String) -> [String] {
        let texts = fields.texts(name)
        for text in texts {
            do {
                _ = try PathPattern(parsing: text)
            } catch {
                fields.add(error.description, about: name)
            }
        }
        return texts
    }
}
