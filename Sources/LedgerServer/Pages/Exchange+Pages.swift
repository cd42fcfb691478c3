import EventLog
import HTTPTypes
import HummingbirdCore
import Ledger
import LedgerPages
import PromotionModel
import Requests
import Transparency

extension Exchange {
    /// The page at the address that was asked for.
    func page() async throws -> Reply {
        if !isSomebody, let hop = Reply.hop(request) { return hop }
        guard let path = PagePath(parsing: request.head.path ?? "") else {
            throw Problem(.notFound, "noSuchPage", "there is no page at this address")
        }
        return try await page(path)
    }

    /// A page; with a refusal, the page that a form was on.
    func page(_ path: PagePath, after refusal: FormRefusal? = nil) async throws -> Reply {
        if let project = path.place.project { try require(.read, in: project) }
        guard let moment = path.moment else {
            throw Problem(
                .badRequest,
                "invalidField",
                "\((path[.at] ?? "").quotedForDisplay) is no moment; write \(MomentReference.forms)"
            )
        }
        let session = try await session(for: path)
        return try await core.pool.run { [core, headers = request.headers] in
            let page = try core.ledger.read(at: moment) { (view) throws(LedgerError) in
                try LedgerPages.render(path, view, for: session, after: refusal)
            }
            return Reply.page(page, to: headers)
        }
    }

    /// Who looks at a page.
    private func session(for path: PagePath) async throws -> PageSession {
        // The audit says what is signed, and a proof leads to it; nobody else needs one.
        let isAudit = if case .audit = path.place { true } else { false }
        let checkpoint = isAudit ? try await checkpoint() : nil
        let now = Timestamp.wallClock()
        return PageSession(
            actor: isSomebody ? actor?.name : nil,
            csrfToken: csrfToken ?? "",
            now: now,
            checkpoint: checkpoint,
            powers: powers,
            principal: caller?.identity.principal ?? "anonymous",
            makeCommandID: { CommandID.version7(at: now).rawValue }
        )
    }

    /// Whether whoever asks has said who he is.
    var isSomebody: Bool { caller.map { $0.identity != .anonymous } ?? false }

    /// A checkpoint of now; nil without a key to sign one, where a proof leads to the present root
    /// and the page says so.
    private func checkpoint() async throws(TransparencyError) -> SignedNote? {
        do throws(TransparencyError) {
            return try await core.checkpoints.current(core.ledger.log)
        } catch {
            switch error {
            case .keyMissing: return nil
            default: throw error
            }
        }
    }

    /// What every form of a page carries back: made of the secret that signed in, which no page
    /// of another site knows, and which it does not tell.
    ///
    /// Nil where nobody is signed in.
    var csrfToken: String? {
        guard isSomebody else { return nil }
        let credential =
            request.headers[.authorization] ?? core.access.session(request.head) ?? ""
        return Digest.sha256(Array("waybill form\n\(credential)".utf8)).hex
    }
}
