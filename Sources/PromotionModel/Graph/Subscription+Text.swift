import EventLog

extension Subscription {
    /// What it takes, in words: the selection, then each condition that its manifest says.
    package var selectionText: String {
        if let git { return git.selectionText }
        if let image { return "the newest image by \(image.strategy) of \(image.repoURL)" }
        return "the newest version of chart \(chart?.chartName ?? "") of \(repoURL)"
    }
}

extension GitSubscription {
    fileprivate var selectionText: String {
        let tagged = branch.map { ", on branch \($0)" } ?? ""
        var parts: [String]
        switch strategy {
        case .newestFromBranch:
            parts = [
                "the newest commit of " + (branch.map { "branch \($0)" } ?? "its default branch")
            ]
        case .semVer:
            let range = semverConstraint.map { " in \($0)" } ?? ""
            parts = ["the tag that is the highest semantic version\(range)\(tagged)"]
        case .lexical: parts = ["the last tag in alphabetical order\(tagged)"]
        case .newestTag: parts = ["the newest tag\(tagged)"]
        }
        if strategy != .newestFromBranch {
            if !allowTagsRegexes.isEmpty {
                parts.append("allowTagsRegexes \(list(allowTagsRegexes))")
            }
            if !ignoreTagsRegexes.isEmpty {
                parts.append("ignoreTagsRegexes \(list(ignoreTagsRegexes))")
            }
        }
        if let expressionFilter { parts.append("expressionFilter \(expressionFilter)") }
        if !includePaths.isEmpty { parts.append("includePaths \(list(includePaths))") }
        if !excludePaths.isEmpty { parts.append("excludePaths \(list(excludePaths))") }
        if let sinceMs { parts.append("since \(Timestamp(rawValue: sinceMs).text)") }
        return parts.joined(separator: "; ")
    }

    private func list(_ items: [String]) -> String { items.joined(separator: ", ") }
}
