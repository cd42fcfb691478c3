import PromotionModel
package import Requests

/// Where a server listens, and as whom it is asked.
package struct ServerAddress: Sendable {
    /// How one gets in.
    enum Key: Sendable {
        /// By a token.
        case token(String?)
        /// As the owner of the ledger, through its socket; who acts, if that is to be asserted.
        case owner(LedgerSocket, actor: String?)
    }

    /// What requests begin with, without a slash at the end.
    let base: String
    let key: Key
    /// A file with certificates of authorities that are trusted in the place of the system's.
    let authorities: String?

    /// A server at a URL, as somebody wrote it.
    ///
    /// - Throws: if that is no URL of a server.
    package init(
        url: String,
        token: String?,
        authorities: String? = nil
    ) throws(CommandFailure) {
        let wrong = CommandFailure.usage(
            "--server \(url.quotedForDisplay) is no address of a server; write it as "
                + "http://HOST:PORT or https://HOST"
        )
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { throw wrong }
        var rest = url.dropFirst(scheme.count)
        while rest.last == "/" { rest = rest.dropLast() }
        // Neither a name and password, nor a query: those would end up in logs, or be lost.
        let isPlain = rest.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && !#"@?#"\<>^`{|}"#.utf8.contains(byte)
        }
        guard !rest.isEmpty, rest.first != "/", rest.first != ":", isPlain else { throw wrong }
        if let token, token.isEmpty || !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
            throw .usage("--token takes a token, as waybill serve keeps one in server.token")
        }
        base = scheme + rest
        key = .token(token)
        self.authorities = authorities
    }

    /// The server of a ledger on this machine.
    package init(socket: LedgerSocket, actor: String?) {
        base = "http+unix://" + PercentEncoding.encoded(socket.address)
        key = .owner(socket, actor: actor)
        authorities = nil
    }

    /// How the server is called in sentences.
    var title: String {
        switch key {
        case .token: base
        case .owner: "the process that serves the ledger"
        }
    }
}
