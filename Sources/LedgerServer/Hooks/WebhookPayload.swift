import Expressions
import Matching

/// What a webhook's body tells of.
struct WebhookPayload {
    private let value: Value

    /// The payload of a body that is JSON.
    init(_ value: Value) {
        self.value = value
    }

    /// Members in which GitHub, GitLab, Gitea and Forgejo name a repository.
    private static let names = [
        "clone_url", "ssh_url", "git_url", "html_url", "url", "git_http_url", "git_ssh_url",
        "http_url", "web_url", "homepage", "repoURL",
    ]

    /// The repositories that it names, in their canonical form.
    var repositories: Set<String> {
        var found: Set<String> = []
        for holder in [value, value["repository"], value["project"]].compactMap({ $0 }) {
            for name in Self.names {
                guard let url = holder[name]?.stringValue, !url.isEmpty else { continue }
                found.insert(GitURL.normalized(url))
            }
        }
        for url in value["repoURLs"]?.arrayValue ?? [] {
            if let text = url.stringValue { found.insert(GitURL.normalized(text)) }
        }
        return found
    }

    /// The promotion whose step waits for this, and the answer for it; nil if it is about none.
    var answer: (promotion: String, value: Value)? {
        guard let promotion = value["promotion"]?.stringValue, let answer = value["answer"] else {
            return nil
        }
        return (promotion, answer)
    }
}
