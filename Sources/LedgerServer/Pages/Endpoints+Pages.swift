import HTTPTypes
import HummingbirdCore
import LedgerPages
import NIOCore
import PromotionModel
import Requests

extension EndpointTable {
    /// What browsers ask for; `docs/PAGES.md` describes it, and the API does not.
    static let pages: [Endpoint] = [
        Endpoint(.get, "/", tag: "pages", "All projects.", admission: .reader) { exchange in
            try await exchange.page()
        },
        Endpoint(
            .post,
            "/p/{project}/do/{verb}",
            tag: "pages",
            "Does what a form of a page asks for.",
            admission: .giver
        ) { exchange in try await exchange.submit() },
        Endpoint(
            .get,
            "/p/{project}/do/{verb}",
            tag: "pages",
            "Back to the pages.",
            admission: .reader
        ) { exchange in
            // Somebody loads the page again that a form was refused on.
            guard let project = ProjectName(rawValue: exchange.names["project"] ?? "") else {
                throw Problem(.notFound, "noSuchPage", "there is no page at this address")
            }
            return .seeOther(PagePath(.pipeline(project)).text)
        },
        Endpoint(
            .get,
            "/p/{page}",
            tag: "pages",
            "A page of a project.",
            admission: .reader
        ) { exchange in try await exchange.page() },
        Endpoint(
            .get,
            "/p/{project}/audit/{list}",
            tag: "pages",
            "Changes of a stage in a period, a sample of them, or the evidence of one, as a file.",
            admission: .reader
        ) { exchange in try await exchange.download() },
        Endpoint(
            .get,
            "/assets/{asset}",
            tag: "pages",
            "A style sheet, module or icon, for ever the same.",
            admission: .anybody
        ) { exchange in try exchange.asset() },
        Endpoint(
            .get,
            "/sign-in",
            tag: "pages",
            "Where people say who they are.",
            admission: .anybody
        ) { exchange in
            guard !exchange.isSomebody else { return .seeOther("/") }
            return .page(LedgerPages.signIn(csrfToken: ""), to: exchange.request.headers)
        },
        Endpoint(
            .post,
            "/sign-in",
            tag: "pages",
            "Signs in whoever types a token.",
            admission: .anybody
        ) { exchange in try await exchange.signIn() },
        Endpoint(
            .post,
            "/sign-out",
            tag: "pages",
            "Signs the browser out.",
            admission: .signedIn
        ) { exchange in try await exchange.signOut() },
    ]
}

extension Reply {
    /// Sends a browser on to another page.
    static func seeOther(_ location: String) -> Reply {
        var reply = Reply(.seeOther)
        reply.headers[.location] = location
        reply.headers[.cacheControl] = "no-store"
        return reply
    }
}

extension Exchange {
    /// A style sheet, module or icon.
    fileprivate func asset() throws -> Reply {
        guard let asset = PackedAsset.named(names["asset"] ?? "") else {
            throw Problem(
                .notFound,
                "noSuchAsset",
                "there is no such file, or none of that content any more; load the page again"
            )
        }
        let tag = "\"\(asset.asset.name)\""
        var reply: Reply
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
            reply = Reply(.notModified)
        } else {
            reply = Reply(.ok, asset.plain, type: asset.asset.contentType)
            if let packed = asset.packed, request.headers.acceptsGzip {
                reply.body = .bytes(packed)
                reply.headers[.contentEncoding] = "gzip"
            }
        }
        reply.headers[.eTag] = tag
        reply.headers[.vary] = "Accept-Encoding"
        reply.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return reply
    }
}

/// An asset as it is sent, which is the same every time.
private struct PackedAsset: Sendable {
    let asset: Asset
    let plain: ByteBuffer
    let packed: ByteBuffer?

    static func named(_ name: String) -> PackedAsset? { byName[name] }

    private static let byName = Dictionary(
        uniqueKeysWithValues: Asset.all.map { asset in
            (
                asset.name,
                PackedAsset(
                    asset: asset,
                    plain: ByteBuffer(bytes: asset.bytes),
                    packed: asset.bytes.count < Gzip.byteCountMin
                        ? nil : Gzip.compressed(asset.bytes)
                )
            )
        }
    )
}
