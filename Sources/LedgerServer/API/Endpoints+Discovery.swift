import Expressions
import HTTPTypes
import HummingbirdCore
import PromotionModel
import Requests

extension EndpointTable {
    /// Warehouses, looked at now.
    static let discover: [Endpoint] = [
        Endpoint(
            .post,
            "/v1/projects/{project}/discover",
            tag: "changes",
            "Looks at warehouses now, and records what is new there.",
            parameters: Exchange.changeParameters,
            body: DiscoveryRequest.fields.map { Endpoint.Parameter($0, in: .query) }
                + [Exchange.reasonField],
            admission: .giver
        ) { exchange in try await exchange.discover() }
    ]
}

extension Exchange {
    fileprivate func discover() async throws -> Reply {
        guard let look = core.settings.look else {
            throw Problem(
                .serviceUnavailable,
                "noDiscovery",
                "this server looks at no repositories; run waybill discover where the ledger is"
            )
        }
        // What is found becomes freight.
        try require(.assemble, in: project)
        try requireType("application/json")
        var words = try BodyReader.object(of: try await body(core.settings.bodyByteCountMax))
        let reason = try Self.reason(words.removeValue(forKey: "reason"))
        let asked = try DiscoveryRequest(words: words)
        let format = try format()
        let terms = ChangeTerms(
            id: try commandID(),
            actor: try writer(),
            reason: reason,
            isDryRun: try isDryRun([])
        )
        let (form, layout): (AnswerForm, TextLayout) =
            if case .text(let layout) = format { (.text, layout) } else { (.value, .whole) }
        let told = try await TextLayout.$current.withValue(layout) {
            try await look(asked, desk(form), terms)
        }
        var reply = reply(told.answer, format, terms, [])
        guard let field = HTTPField.Name(DiscoveryRequest.failuresField) else {
            preconditionFailure("it is a name of a header field")
        }
        reply.headers[field] = "\(told.failureCount)"
        return reply
    }
}
