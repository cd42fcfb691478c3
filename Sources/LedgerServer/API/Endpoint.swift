import Expressions
import Requests

/// One thing that can be asked of the server by HTTP.
///
/// Routing is made from the table of them, and `docs/openapi.yaml` is compared with it.
package struct Endpoint: Sendable {
    /// What may be done to a resource.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// Who may ask.
    package enum Admission: Sendable {
        /// Anybody who can reach the server.
        case anybody
        /// Whoever is signed in, with whatever role.
        case signedIn
        /// Whoever sees the project of the path; without one, whoever has any role, and the answer
        /// leaves out what he does not see.
        case reader
        /// Whoever sees the project of the path; the command says what else it needs.
        case giver
        /// Whoever has the role admin in the project of the path; without one, in all projects.
        case administrator
    }

    /// What an endpoint's URL can say.
    package struct Parameter: Sendable {
        /// Where it stands.
        package enum Place: String, Sendable {
            case path, query, header
        }

        package let name: String
        package let place: Place
        package let summary: String
        package let isRequired: Bool
        /// Whether it may be repeated.
        package let isList: Bool
        /// The values that it may have; empty where any.
        package let values: [String]
        /// `string`, `integer` or `boolean`.
        package let type: String
    }

    package let method: Method
    /// The path, with names of parameters in braces.
    package let path: String
    /// What it answers, in a sentence.
    package let summary: String
    /// Which part of the API it belongs to.
    package let tag: String
    package let parameters: [Parameter]
    /// The fields of the JSON body; nil where there is none, or it is no JSON.
    package let body: [Parameter]?
    package let admission: Admission
    let respond: @Sendable (Exchange) async throws -> Reply

    /// The path's parts, those in braces being names.
    let segments: [Segment]

    /// A part of a path.
    enum Segment: Sendable, Equatable {
        case word(String)
        case name(String)
    }

    init(
        _ method: Method,
        _ path: String,
        tag: String,
        _ summary: String,
        parameters: [Parameter] = [],
        body: [Parameter]? = nil,
        admission: Admission,
        respond: @escaping @Sendable (Exchange) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.tag = tag
        self.summary = summary
        self.body = body
        self.admission = admission
        self.respond = respond
        segments = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? .name(String(part.dropFirst().dropLast())) : .word(String(part))
        }
        let named = segments.compactMap { segment -> Parameter? in
            guard case .name(let name) = segment else { return nil }
            return Parameter(
                name: name,
                place: .path,
                summary: PathNames.summary(of: name),
                isRequired: true,
                isList: false,
                values: [],
                type: "string"
            )
        }
        self.parameters = named + parameters
    }
}

extension Endpoint.Parameter {
    /// A field of a request, said in a URL or a body.
    init<Root>(_ field: RequestField<Root>, in place: Place) {
        name = field.name
        self.place = place
        summary = field.summary
        isRequired = field.isRequired
        switch field.kind {
        case .text(let among):
            (isList, values, type) = (false, among, "string")
        case .texts(let among):
            (isList, values, type) = (true, among, "string")
        case .flag:
            (isList, values, type) = (false, [], "boolean")
        case .number:
            (isList, values, type) = (false, [], "integer")
        }
    }

    static func query(
        _ name: String,
        _ summary: String,
        type: String = "string"
    ) -> Endpoint.Parameter {
        Endpoint.Parameter(
            name: name,
            place: .query,
            summary: summary,
            isRequired: false,
            isList: false,
            values: [],
            type: type
        )
    }

    static func header(_ name: String, _ summary: String) -> Endpoint.Parameter {
        Endpoint.Parameter(
            name: name,
            place: .header,
            summary: summary,
            isRequired: false,
            isList: false,
            values: [],
            type: "string"
        )
    }
}

/// What the names in paths mean.
enum PathNames {
    static func summary(of name: String) -> String {
        switch name {
        case "project": "The project's name; - for the only one that there is."
        case "tile": "The tile's path below `tile/`."
        case "hook": "The secret's name: the folder `secrets/PROJECT/HOOK` beside the ledger."
        case "position": "The event's position."
        case "page": "What of the project is shown."
        case "verb": "What is done."
        case "list": "Which changes: population, sample, or the evidence of one."
        default: "The \(name)'s name."
        }
    }
}
