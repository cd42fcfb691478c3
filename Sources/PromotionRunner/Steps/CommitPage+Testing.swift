/// Where the page of a commit is, for tests: steps ask ``GitHost``.
package enum CommitPage {
    /// The page of a commit; nil where the URL does not tell the kind of host.
    package static func url(ofCommit id: String, in url: String) -> String? {
        GitHost(of: url)?.page(ofCommit: id, in: url)
    }
}
