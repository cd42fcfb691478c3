import EventLog
import Expressions
import HTTPTypes
import HummingbirdCore
import Ledger
import LedgerAPI
import Logging
import Matching
import NIOCore
import PromotionModel
import Requests

extension EndpointTable {
    /// What others tell the server by themselves.
    static let hooks: [Endpoint] = [
        Endpoint(
            .post,
            "/v1/hooks/{project}/{hook}",
            tag: "hooks",
            "A signed webhook of GitHub, GitLab, Gitea or any program: has the warehouses looked "
                + "at whose repository it names, or answers a step that waits.",
            parameters: [
                .header("X-Hub-Signature-256", "sha256= and the HMAC-SHA256 of the body, in hex."),
                .header("X-Gitea-Signature", "The HMAC-SHA256 of the body, in hex."),
                .header("X-Gitlab-Token", "The secret itself."),
                .header(
                    "X-Waybill-Signature",
                    "sha256= and the HMAC-SHA256 of the timestamp, a dot and the body, in hex."
                ),
                .header("X-Waybill-Timestamp", "With it: seconds since 1970, at most 300 off."),
            ],
            // Whoever knows the secret.
            admission: .anybody
        ) { exchange in try await exchange.hook() }
    ]
}

extension Exchange {
    /// Bytes that a webhook may have: a push of thousands of commits has some.
    private static let byteCountMax = 4 << 20

    fileprivate func hook() async throws -> Reply {
        let hook = names["hook"] ?? ""
        guard let settings = core.settings.webhooks else {
            throw Problem(
                .notFound,
                "noAutomation",
                "this server runs no automation, so it has nothing to do for a webhook; start it "
                    + "without --no-automation"
            )
        }
        guard let project, let signature = WebhookSignature(request.headers) else {
            throw refusedHook()
        }
        let bytes = try await body(Self.byteCountMax)
        // A hook that there is not is no different from a wrong signature.
        guard let secret = try settings.secret(project, hook), !secret.isEmpty,
            signature.isMade(with: secret, of: bytes, at: .wallClock())
        else { throw refusedHook() }
        let delivery = Digest.sha256(Array("\(project)/\(hook)\n\(signature)\n".utf8) + bytes)
        guard core.deliveries.note(delivery) else {
            throw Problem(
                .conflict,
                "replayed",
                "this webhook was taken before; have its sender send what is new"
            )
        }
        do {
            return try await taken(bytes, project, hook, delivery, settings)
        } catch {
            core.deliveries.forget(delivery)
            throw error
        }
    }

    /// Does what a webhook tells of.
    private func taken(
        _ bytes: [UInt8],
        _ project: ProjectName,
        _ hook: String,
        _ delivery: Digest,
        _ settings: WebhookSettings
    ) async throws -> Reply {
        let payload = WebhookPayload(.object(try BodyReader.object(of: bytes)))
        if let (promotion, value) = payload.answer {
            return try await answer(promotion, value, hook, delivery)
        }
        let warehouses = try warehouses(of: payload.repositories, in: project)
        await settings.look(project, warehouses)
        return .json(["looks": .array(warehouses.map { .string("warehouse/\($0)") })], .accepted)
    }

    private func refusedHook() -> Problem {
        core.refused(
            Problem(
                .unauthorized,
                "webhookRefused",
                "there is no such hook, or its signature does not fit; see docs/ACCESS.md"
            ),
            from: address
        )
    }

    /// The warehouses of a project that watch one of these repositories.
    private func warehouses(
        of repositories: Set<String>,
        in project: ProjectName
    ) throws -> [WarehouseName] {
        guard !repositories.isEmpty else { return [] }
        return try core.ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var found: [WarehouseName] = []
                for name in try facts.warehouses(in: project) {
                    let spec = try facts.warehouse(name, in: project)?.spec
                    let isMeant = (spec?.subscriptions ?? []).contains {
                        repositories.contains(GitURL.normalized($0.repoURL))
                    }
                    if isMeant { found.append(name) }
                }
                return found
            }
        }
    }

    /// Gives a step of a promotion what it waits for, as the hook.
    private func answer(
        _ promotion: String,
        _ value: Value,
        _ hook: String,
        _ delivery: Digest
    ) async throws -> Reply {
        var asked = InputChange()
        asked.promotion = promotion
        asked.answer = value.stringValue ?? value.json
        asked.json = value.stringValue == nil
        let terms = ChangeTerms(
            id: CommandID(unchecked: "hook:\(delivery.hex.prefix(32))"),
            actor: EventActor(name: "hook/\(hook)", assurance: .token),
            reason: nil,
            isDryRun: false
        )
        var desk = Desk(core.ledger, ProjectChoice(said: names["project"]), .value)
        desk.lookUp = core.settings.lookUp
        switch try await desk.execute(asked, terms) {
        case .nothing: return .json(["answered": .string(promotion)])
        case .recorded: return .json(["answered": .string(promotion)])
        }
    }
}
