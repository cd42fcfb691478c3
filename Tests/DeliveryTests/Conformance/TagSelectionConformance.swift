import ConformanceSupport
import Discovery
import EventLog
import Expressions
import Matching
import PromotionModel
import Testing

@Suite struct TagSelectionConformance {
    private let differences = [
        Difference(
            file: "tag-selection.json",
            operation: "observe-tag-refs",
            reason: "Any number of tags is told apart from what it was before, not only 1000.",
            where: { $0.expect.isNull },
            promise: { row, said in
                said?.arrayValue?.count == (row.input["generate"]?["count"]?.intValue).map(Int.init)
            }
        ),
        Difference(
            file: "tag-selection.json",
            operation: "shorten",
            reason: "A text is cut between characters, never within one.",
            where: { row in row.input["text"]?.stringValue?.utf8.contains { $0 >= 0x80 } == true },
            promise: { row, said in
                let length = row.input["length"]?.intValue ?? 0
                return said?.stringValue.map { Int64($0.count) <= max(length, 3) } == true
            }
        ),
    ]

    @Test func `tags and commits are chosen as in Kargo`() throws {
        let file = try ConformanceFile("tag-selection.json")
        let disagreements = file.run(differences: differences) { row in
            switch row.operation {
            case "select-tags":
                let selection = try CommitSelection(Self.subscription(row.input))
                let chosen = try selection.chosen(of: Self.tags(row.input))
                return .array(selection.limited(chosen).map { .string($0.name) })
            case "filter-tags-by-expression":
                var subscription = GitSubscription()
                subscription.strategy = .newestTag
                subscription.expressionFilter = row.input["expression"]?.stringValue
                let chosen = try CommitSelection(subscription).chosen(of: Self.tags(row.input))
                return .array(chosen.map { .string($0.name) })
            case "tag-ref-matches", "branch-ref-matches":
                var subscription = try Self.subscription(row.input)
                let isTag = row.operation == "tag-ref-matches"
                subscription.strategy = isTag ? .lexical : .newestFromBranch
                let name = row.input["ref"]?.stringValue ?? ""
                return .bool(try CommitSelection(subscription).isConcerned(byReference: name))
            case "image-tag-matches":
                return .bool(try Self.filter(row.input).matches(row.input.text("tag")))
            case "image-tags-filter":
                let filter = try Self.filter(row.input)
                let tags = row.input.elements("tags")
                return .array(try tags.filter { try filter.matches($0.stringValue ?? "") })
            case "commit-expression":
                var subscription = GitSubscription()
                subscription.expressionFilter = row.input["expression"]?.stringValue
                let commit = try Self.commit(row.input["commit"] ?? .null)
                return .bool(try CommitSelection(subscription).admits(commit))
            case "select-commits": return try Self.selectedCommits(row.input)
            case "observe-tag-refs", "observe-branch-head": return try Self.observed(row)
            case "sort-newest-build":
                let images = try row.input.elements("images").map { value in
                    var image = ImageArtifact()
                    image.tag = value.text("tag")
                    image.createdAtMs = try value.time("createdAt")?.rawValue
                    return image
                }
                return .array(BuildOrder.newestFirst(images).map { .string($0.tag) })
            case "shorten":
                let length = Int(row.input["length"]?.intValue ?? 0)
                return .string(ShortText.cut(row.input.text("text"), countMax: length))
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private static func selectedCommits(_ input: Value) throws -> Value {
        var collector = CommitCollector(try CommitSelection(subscription(input)))
        for value in input.elements("commits") {
            collector.take(try commit(value), changing: value.texts("changedPaths"))
        }
        if let failure = collector.failure { throw failure }
        return .array(collector.chosen.map { .string($0.id) })
    }

    private static func observed(_ row: ConformanceFile.Case) throws -> Value {
        var subscription = try Self.subscription(row.input)
        let isTags = row.operation == "observe-tag-refs"
        if isTags, subscription.strategy == .newestFromBranch { subscription.strategy = .newestTag }
        var listing = RemoteListing(
            try CommitSelection(subscription),
            branch: subscription.branch
        )
        for value in row.input.elements("refs") {
            listing.take(RemoteReference(name: value.text("name"), id: value.text("id")))
        }
        let generated = row.input["generate"]?["count"]?.intValue ?? 0
        let prefix = row.input["generate"]?.text("namePrefix") ?? ""
        for number in 0..<generated {
            listing.take(RemoteReference(name: "\(prefix)\(number)", id: "\(number)"))
        }
        guard isTags else { return listing.headID.map { .string($0) } ?? .null }
        return .array(
            listing.observedTags.map { ["name": .string($0.name), "id": .string($0.id)] }
        )
    }

    private static func filter(_ input: Value) throws -> TagFilter {
        try TagFilter(
            allowing: input.texts("allowTagsRegexes"),
            ignoring: input.texts("ignoreTagsRegexes")
        )
    }

    private static func subscription(_ input: Value) throws -> GitSubscription {
        var subscription = GitSubscription()
        switch input["strategy"]?.stringValue {
        case nil, "", "NewestFromBranch": subscription.strategy = .newestFromBranch
        case "SemVer": subscription.strategy = .semVer
        case "Lexical": subscription.strategy = .lexical
        case "NewestTag": subscription.strategy = .newestTag
        case let other?: throw UnreadableCase("\(other) is no strategy")
        }
        let branch = input.text("branch")
        subscription.branch = branch.isEmpty ? nil : branch
        let constraint = input["semverConstraint"] ?? input["constraint"]
        subscription.semverConstraint = constraint?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        // Kargo's selector is lenient where nobody says so; the default is the API server's.
        subscription.strictSemvers = input["strictSemvers"] == .bool(true)
        subscription.allowTagsRegexes = input.texts("allowTagsRegexes")
        subscription.ignoreTagsRegexes = input.texts("ignoreTagsRegexes")
        subscription.expressionFilter = input["expressionFilter"]?.stringValue
        subscription.includePaths = input.texts("includePaths")
        subscription.excludePaths = input.texts("excludePaths")
        subscription.discoveryLimit = input["discoveryLimit"]?.intValue ?? 0
        subscription.sinceMs = try input.time("since")?.rawValue
        return subscription
    }

    private static func tags(_ input: Value) throws -> [TagDetails] {
        try input.elements("tags").map { value in
            var tag = TagDetails()
            tag.name = value.text("tag")
            tag.commit = try commit(value)
            tag.created = try value.time("creatorDate") ?? .epoch
            tag.tagger = value.text("tagger")
            tag.annotation = value.text("annotation")
            return tag
        }
    }

    private static func commit(_ value: Value) throws -> CommitDetails {
        var commit = CommitDetails()
        commit.id = value.text("id")
        commit.committed = try value.time("commitDate") ?? .epoch
        commit.author = value.text("author")
        commit.committer = value.text("committer")
        commit.subject = value.text("subject")
        return commit
    }
}

extension Value {
    func time(_ name: String) throws -> Timestamp? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        guard let time = Timestamp(text: text) else { throw UnreadableCase("\(text) is no time") }
        return time
    }
}
