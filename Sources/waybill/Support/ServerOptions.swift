import ArgumentParser
import LedgerClient
import PromotionModel
import Requests

/// A server that is asked in the place of a ledger's directory.
struct ServerOptions: ParsableArguments {
    @Option(
        help: "The URL of a server to ask, in the place of a directory (WAYBILL_SERVER)."
    )
    var server: String?

    @Option(
        help: """
            The token for --server (WAYBILL_TOKEN); who may read this machine's list of \
            processes sees it.
            """
    )
    var token: String?

    @Option(
        help: "A file with the token for --server (WAYBILL_TOKEN_FILE).",
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: """
            A file with the certificates (PEM) that --server https://… is trusted by, in the \
            place of the system's (WAYBILL_CA_FILE).
            """,
        completion: .file()
    )
    var caFile: String?

    /// The server at a URL, with the token that was said.
    func address(_ url: String) throws(CommandFailure) -> ServerAddress {
        guard token == nil || tokenFile == nil else {
            throw .usage("--token and --token-file name two tokens; leave one of them out")
        }
        let authorities = caFile ?? Environment.variable("WAYBILL_CA_FILE")
        return try ServerAddress(url: url, token: try said(), authorities: authorities)
    }

    /// Where the token comes from; nil if there is none.
    var tokenSource: String? {
        if token != nil { return "--token" }
        if tokenFile != nil { return "--token-file" }
        return ["WAYBILL_TOKEN", "WAYBILL_TOKEN_FILE"].first { Environment.variable($0) != nil }
    }

    /// An option counts more than a variable, and the token itself more than its file.
    private func said() throws(CommandFailure) -> String? {
        if let token { return token }
        if let tokenFile { return try Self.token(in: tokenFile) }
        if let token = Environment.variable("WAYBILL_TOKEN") { return token }
        return try Environment.variable("WAYBILL_TOKEN_FILE").map(Self.token)
    }

    /// The first line of a file.
    private static func token(in path: String) throws(CommandFailure) -> String {
        let text = try TextFile.read(path)
        guard let text else {
            throw .notFound(
                "there is no file \(path.quotedForDisplay) with a token; name another with "
                    + "--token-file"
            )
        }
        return text.split(whereSeparator: \.isNewline).first.map { String($0) } ?? ""
    }
}
