import PromotionModel

/// Reads a `ClusterConfig`.
enum ClusterConfigReader {
    static func read(_ fields: inout FieldMap) -> ClusterSpec {
        var cluster = ClusterSpec()
        guard var spec = fields.map("spec") else { return cluster }
        defer { spec.finish() }
        if var client = spec.map("gitClient") {
            cluster.gitClient = gitClient(&client)
            client.finish()
        }
        ProjectConfigReader.noticeUnread(&spec)
        return cluster
    }

    private static func gitClient(_ fields: inout FieldMap) -> GitClient? {
        var client = GitClient()
        client.name = text("name", &fields)
        client.email = text("email", &fields)
        if let email = client.email, !email.contains("@") {
            fields.add("an address such as bot@example.com is wanted here", about: "email")
        }
        fields.limit("signingKeySecret", because: "this version does not sign commits")
        return client == GitClient() ? nil : client
    }

    /// What git writes into a commit as it is.
    private static func text(_ name: String, _ fields: inout FieldMap) -> String? {
        guard let text = fields.text(name), !text.isEmpty else { return nil }
        let isPlain =
            text.utf8.count <= 256 && text.contains { !$0.isWhitespace && !".,:;\"'".contains($0) }
            && !text.unicodeScalars.contains {
                $0 == "<" || $0 == ">" || $0.properties.generalCategory == .control
            }
        if !isPlain {
            fields.add(
                "at most 256 bytes without <, > and control characters are wanted",
                about: name
            )
        }
        return text
    }
}
