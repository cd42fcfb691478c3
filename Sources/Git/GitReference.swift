/// What may be handed to git as a name.
package enum GitReference {
    /// Whether `text` can be a branch or a tag, as `git check-ref-format` has it and stricter:
    /// printable ASCII that no shell, glob or option parser takes for something else.
    package static func isName(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasPrefix("/"),
            !text.hasSuffix("/"), !text.hasSuffix("."), text != "@", !text.contains("@{"),
            !text.contains("..")
        else { return false }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") })
        else { return false }
        return text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"~^:?*[\\\"'`$;&|<>(){}!#".utf8.contains(byte)
        }
    }

    /// Whether `text` is a full commit id (SHA-1 or SHA-256) in lower case.
    package static func isCommitID(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "a")...UInt8(ascii: "f"):
                    true
                default: false
                }
            }
    }

    /// Whether a URL says more than where a repository is: git has it among its arguments.
    private static func hasSecret(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return false }
        // Of ssh the user is a part of the address.
        return !url.hasPrefix("ssh://") || authority[..<at].contains(":")
    }

    /// Why `url` cannot be handed to git as a repository; nil if it can.
    package static func problem(ofURL url: String, allowFileRepositories: Bool) -> String? {
        guard !url.isEmpty, url.utf8.count <= 2048, !url.hasPrefix("-"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return "it is not a URL" }
        if hasSecret(url) {
            return "it has a user or password in it; keep these in credentials/ beside the ledger"
        }
        if url.hasPrefix("https://") || url.hasPrefix("ssh://") { return nil }
        if url.hasPrefix("file://") || url.hasPrefix("/") {
            return allowFileRepositories
                ? nil
                : "repositories on this machine need --allow-file-repos"
        }
        // host:path, the short form of ssh.
        if let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/"),
            !url[colon...].hasPrefix("::"), !url[colon...].hasPrefix("://")
        {
            return nil
        }
        return "only https and ssh are allowed"
    }
}
