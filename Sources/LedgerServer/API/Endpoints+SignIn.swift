import HTTPTypes
import Expressions
import HummingbirdCore
import NIOCore
import Synchronization

extension EndpointTable {
    /// Signing in and out.
    static let signIn: [Endpoint] = [
        Endpoint(
            .get,
            "/login",
            tag: "access",
            "Signs a browser in with a link that is good once, and goes to the pages.",
            parameters: [.query("token", "What the link has.")],
            admission: .anybody
        ) { exchange in
            let access = exchange.core.access
            let token = exchange.query.first { $0.name == "token" }?.value ?? ""
            guard let cookie = access.openSession(withLink: token) else {
                throw Problem(
                    .forbidden,
                    "linkUsed",
                    "this link was used, or is too old; start the server again for another, or "
                        + "make one with POST /v1/login-links"
                )
            }
            await exchange.keepSessions()
            var reply = Reply(.seeOther)
            reply.headers[.location] = "/"
            reply.headers[.cacheControl] = "no-store"
            reply.headers[.setCookie] = cookie
            return reply
        },
        Endpoint(
            .post,
            "/v1/logout",
            tag: "access",
            "Signs the browser out.",
            admission: .signedIn
        ) { exchange in
            let access = exchange.core.access
            if let session = access.session(exchange.request.head) {
                access.signIns.close(session)
                await exchange.keepSessions()
            }
            var reply = Reply(.noContent)
            reply.headers[.setCookie] = access.endOfSession
            return reply
        },
        Endpoint(
            .post,
            "/v1/login-links",
            tag: "access",
            "Makes another link that signs a browser in once, as the operator.",
            admission: .administrator
        ) { exchange in
            let path = exchange.core.access.newLinkPath()
            // Who comes through the socket calls the server by no name.
            let authority =
                exchange.channel.localAddress?.pathname == nil
                ? exchange.request.head.authority ?? "" : exchange.core.authority.withLock { $0 }
            return .json(["url": .string("http://\(authority)\(path)")], .created)
        },
    ]
}
