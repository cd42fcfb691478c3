import PromotionModel
import Requests

/// An address to listen at, as people write it.
enum ListenAddress {
    /// Host and port of `127.0.0.1:8080`, `[::1]:8080` or `:8080` (this machine).
    static func parse(_ text: String) throws(CommandFailure) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else { throw wrong(text) }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw wrong(text)
        }
        return (host.isEmpty ? "127.0.0.1" : host, port)
    }

    private static func wrong(_ text: String) -> CommandFailure {
        .usage(
            "\(text.quotedForDisplay) is no address to listen at; write HOST:PORT, such as "
                + "127.0.0.1:8080"
        )
    }
}
