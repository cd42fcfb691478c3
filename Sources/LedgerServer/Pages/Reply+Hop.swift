import HTTPTypes
import HummingbirdCore
import LedgerPages

extension Reply {
    /// For who follows a link of another site, without the cookie that says who he is: a page that
    /// goes on to the same address by itself, from this site then, with the cookie.
    ///
    /// Nil for everything else. It does not go in circles: what the page asks for is said to come
    /// from this site, and browsers that do not say where a request comes from never get it. Only
    /// for what changes nothing, and never within another page.
    static func hop(_ request: Request) -> Reply? {
        guard request.method == .get, request.headers.acceptsHTML,
            request.headers[.secFetchSite] == "cross-site",
            request.headers[.secFetchMode] == "navigate",
            request.headers[.secFetchDest] == "document",
            let target = request.head.path, target.hasPrefix("/"),
            // A browser takes //host/ and /\\host/ for another host.
            !target.dropFirst().hasPrefix("/"), !target.contains("\\")
        else { return nil }
        var reply = Reply.page(LedgerPages.hop(to: target), to: request.headers)
        reply.headers[.vary] = "Accept, Accept-Encoding, Cookie, Sec-Fetch-Site"
        reply.headers[.cacheControl] = "no-store"
        return reply
    }
}
