import EventLog
import Expressions
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Requests
import PromotionModel

/// A request that was let in, with what an endpoint needs to answer it.
struct Exchange: Sendable {
    let core: ServerCore
    let request: Request
    /// The values of the names in the endpoint's path.
    let names: [String: String]
    let query: [(name: String, value: String)]
    /// The connection that it came by.
    let channel: any Channel
    /// Who asks; nil where nobody knows, and anybody may.
    let caller: Caller?

    /// The address of who asks.
    var address: String { channel.remoteAddress?.ipAddress ?? "socket" }

    /// How events name whoever asks; nil where nobody knows.
    var actor: EventActor? { caller?.actor }

    /// How an answer is written.
    enum Format: Sendable {
        case json
        /// As the command line prints it, in lines of so many columns if there is a limit.
        case text(TextLayout)
        case names
        case yaml
    }

    /// What may be said of every answer's form.
    static let formatParameters: [Endpoint.Parameter] = [
        .query(
            "width",
            "With Accept: text/plain, the columns that a line may take; not said, no limit.",
            type: "integer"
        ),
        .query("colour", "With Accept: text/plain, colour states.", type: "boolean"),
    ]

    /// The form that was asked for, by the Accept header.
    func format() throws -> Format {
        let accepted = (request.headers[.accept] ?? "").lowercased()
        for part in accepted.split(separator: ",") {
            let type = part.split(separator: ";")[0].filter { $0 != " " }
            switch type {
            case "text/plain": return .text(try layout())
            case "text/x.waybill-names": return .names
            case "application/yaml": return .yaml
            case "application/json", "*/*", "application/*": return .json
            default: continue
            }
        }
        return .json
    }

    private func layout() throws -> TextLayout {
        var layout = TextLayout.whole
        for (name, value) in query {
            if name == "width" {
                guard let columns = Int(value), (1...10_000).contains(columns) else {
                    throw Problem(
                        .badRequest,
                        "invalidField",
                        "width takes a whole number from 1 to 10000",
                        details: [("field", "width")]
                    )
                }
                layout.columns = columns
            } else if name == "colour" {
                layout.isColoured = value == "true"
            }
        }
        return layout
    }

    /// The query as words of a request; names that are repeated are lists.
    ///
    /// - Throws: if a name that is no list is repeated, or has a value that it does not take.
    func words<Asked: Requests.Request>(
        of type: Asked.Type,
        besides others: Set<String>
    ) throws -> [String: Value] {
        var words: [String: Value] = [:]
        for (name, value) in query where !others.contains(name) {
            let kind = Asked.fields.first { $0.name == name }?.kind
            let word: Value
            switch kind {
            case .texts:
                let before = words[name]?.arrayValue ?? []
                words[name] = .array(before + [.string(value)])
                continue
            case .flag: word = value == "true" ? true : value == "false" ? false : .string(value)
            case .number: word = Int64(value).map { .int($0) } ?? .string(value)
            case .text, nil: word = .string(value)
            }
            guard words.updateValue(word, forKey: name) == nil else {
                throw Problem(
                    .badRequest,
                    "invalidField",
                    "\(name.quotedForDisplay) is said twice; say it once",
                    details: [("field", .string(name))]
                )
            }
        }
        return words
    }
}
