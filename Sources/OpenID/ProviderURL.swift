/// The addresses at which keys are asked for.
enum ProviderURL {
    /// Whether nobody on the way can change what comes from there: https, or this machine.
    static func isSafe(_ text: String) -> Bool {
        // Neither names and passwords nor fragments, and nothing that is no part of a URL.
        let isPlain = text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && !#"@#"\<>^`{|}"#.utf8.contains(byte)
        }
        guard isPlain, text.utf8.count <= 2000 else { return false }
        if text.hasPrefix("https://") { return !authority(of: text.dropFirst(8)).isEmpty }
        guard text.hasPrefix("http://") else { return false }
        return isThisMachine(authority(of: text.dropFirst(7)))
    }

    private static func authority(of rest: Substring) -> Substring {
        rest.prefix { $0 != "/" && $0 != "?" }
    }

    private static func isThisMachine(_ authority: Substring) -> Bool {
        for host in ["127.0.0.1", "localhost", "[::1]"] where authority.hasPrefix(host) {
            let port = authority.dropFirst(host.count)
            if port.isEmpty { return true }
            return port.first == ":" && port.dropFirst().allSatisfy(\.isNumber)
        }
        return false
    }
}
