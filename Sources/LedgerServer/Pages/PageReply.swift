import Hummingbird
import HTTPTypes
import LedgerPages
import NIOCore

extension Reply {
    /// A page for a browser, compressed where the browser can read that.
    static func page(_ page: HTMLPage, to headers: HTTPFields) -> Reply {
        var reply = Reply(
            HTTPResponse.Status(code: page.status),
            ByteBuffer(),
            type: "text/html; charset=utf-8"
        )
        reply.headers[.contentSecurityPolicy] = HTMLPage.contentSecurityPolicy
        // Browsers send the origin of a form "null" where the policy is no-referrer.
        reply.headers[.referrerPolicy] = "same-origin"
        // A page has the tokens of a session, and how long ago things were.
        reply.headers[.cacheControl] = "private, no-cache"
        reply.headers[.vary] = "Accept, Accept-Encoding, Cookie"
        reply.pack(page.html, for: headers)
        return reply
    }

    /// Takes bytes for its body, compressed if the client says that it reads gzip.
    mutating func pack(_ bytes: [UInt8], for fields: HTTPFields) {
        if bytes.count >= Gzip.byteCountMin, fields.acceptsGzip,
            let buffer = Gzip.compressed(bytes)
        {
            headers[.contentEncoding] = "gzip"
            body = .bytes(buffer)
        } else {
            body = .bytes(ByteBuffer(bytes: bytes))
        }
    }
}

extension HTTPFields {
    /// Whether gzip is among the encodings that are accepted (RFC 9110, 12.5.3).
    var acceptsGzip: Bool {
        for item in (self[.acceptEncoding] ?? "").lowercased().split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == "gzip" else { continue }
            let isRefused = parts.dropFirst().contains {
                ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0)
            }
            return !isRefused
        }
        return false
    }

    /// Whether whoever asks is a browser that wants to show what it gets.
    var acceptsHTML: Bool { (self[.accept] ?? "").lowercased().contains("text/html") }
}

extension Problem {
    /// The answer: a page for who reads HTML, else a problem as programs read it.
    func reply(to request: Request) -> Reply {
        guard request.headers.acceptsHTML else { return reply }
        if code == Access.notSignedIn.code, let hop = Reply.hop(request) { return hop }
        let sentence = detail.prefix(1).uppercased() + detail.dropFirst() + "."
        var page: HTMLPage
        if status == .unauthorized {
            let isWrong = code != Access.notSignedIn.code
            page = LedgerPages.signIn(refusal: isWrong ? sentence : nil, csrfToken: "")
        } else {
            page = LedgerPages.error(status: status.code, sentence)
        }
        var reply = Reply.page(page, to: request.headers)
        reply.status = status
        for (name, value) in self.reply.headers.map({ ($0.name, $0.value) })
        where name != .contentType && name != .contentLength {
            reply.headers[name] = value
        }
        return reply
    }
}
