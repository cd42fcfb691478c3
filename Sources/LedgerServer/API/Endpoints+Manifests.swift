import Expressions
import HTTPTypes
import LedgerAPI
import Manifests
import PromotionModel
import Requests

extension EndpointTable {
    /// Manifests, applied.
    static let apply = Endpoint(
        .post,
        "/v1/apply",
        tag: "changes",
        "Manifests (a body of type application/yaml), applied all at once.",
        parameters: [
            .query(
                "prune",
                "Delete what the projects of the documents have and no document names.",
                type: "boolean"
            ),
            .query("reason", "Why, in your own words, at most 4096 bytes."),
            .query(
                "warnings",
                "With false, the answer has no warnings of what the documents say.",
                type: "boolean"
            ),
        ] + Exchange.changeParameters,
        admission: .giver
    ) { exchange in
        let reading = try await exchange.manifests()
        guard reading.problems.isEmpty else { throw CommandFailure(reading.problems) }
        guard !reading.resources.isEmpty else {
            throw CommandFailure.usage("there is no document to apply in the body; send some")
        }
        var asked = ManifestChange()
        asked.resources = reading.resources
        asked.prune = try exchange.flag("prune")
        asked.isTried = try exchange.flag("dryRun")
        let reason = exchange.query.first { $0.name == "reason" }?.value
        let warnings =
            try exchange.flag("warnings", otherwise: true)
            ? reading.notices.map { "\($0)" } + exchange.core.settings.warnings(asked.resources)
            : []
        return try await exchange.execute(
            asked,
            reason: reason,
            saidInQuery: ["prune", "reason", "warnings"],
            warnings: warnings
        )
    }

    /// Manifests, looked at.
    static let validate = Endpoint(
        .post,
        "/v1/validate",
        tag: "changes",
        "What is wrong with manifests (a body of type application/yaml); nothing is applied.",
        admission: .signedIn
    ) { exchange in
        let reading = try await exchange.manifests()
        let errors = reading.problems.filter { !$0.isLimitation }
        guard errors.isEmpty else { throw CommandFailure(errors) }
        let limitations = reading.problems.filter(\.isLimitation)
        return .json(
            Shape.object([
                ("valid", true), ("documents", .int(Int64(reading.documentCount))),
                ("notices", .array(reading.notices.map { .string("\($0)") })),
                ("limitations", .array(limitations.map { .string("\($0)") })),
                (
                    "warnings",
                    .array(exchange.core.settings.warnings(reading.resources).map { .string($0) })
                ),
            ])
        )
    }
}

extension Exchange {
    /// What the documents in the body say.
    fileprivate func manifests() async throws -> ManifestReading {
        try requireType("application/yaml")
        let bytes = try await body(core.settings.manifestByteCountMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.badRequest, "malformedBody", "the body is not UTF-8; send it as UTF-8")
        }
        return ManifestReader.read(text, file: "body")
    }
}
