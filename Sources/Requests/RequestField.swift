import Expressions

/// What a caller can say by one name: how it is read, written and described.
///
/// From one list of them come the reading of JSON bodies and of URL parameters, the writing of
/// both by a client, and the schema in `docs/openapi.yaml`.
package struct RequestField<Root>: Sendable {
    /// What values it takes.
    package enum Kind: Sendable, Equatable {
        /// Text; if `among` is not empty, one of these.
        case text(among: [String])
        /// Several texts.
        case texts(among: [String])
        /// Yes or no; not said is no.
        case flag
        /// A whole number in a range.
        case number(ClosedRange<Int64>)
    }

    /// Its name, in lowerCamelCase.
    package let name: String
    /// What it says, in a sentence.
    package let summary: String
    /// What values it takes.
    package let kind: Kind
    /// Whether a request without it makes no sense.
    package let isRequired: Bool
    let set: @Sendable (inout Root, Value) -> Bool
    let get: @Sendable (Root) -> Value
}

extension RequestField {
    /// A text that must be said.
    package static func text(
        _ name: String,
        _ path: any WritableKeyPath<Root, String> & Sendable,
        _ summary: String,
        among values: [String] = []
    ) -> RequestField {
        RequestField(
            name: name,
            summary: summary,
            kind: .text(among: values),
            isRequired: true,
            set: { root, value in
                guard let text = value.stringValue else { return false }
                guard values.isEmpty || values.contains(text) else { return false }
                root[keyPath: path] = text
                return true
            },
            get: { .string($0[keyPath: path]) }
        )
    }

    /// A text that may be said.
    package static func text(
        _ name: String,
        _ path: any WritableKeyPath<Root, String?> & Sendable,
        _ summary: String,
        among values: [String] = []
    ) -> RequestField {
        RequestField(
            name: name,
            summary: summary,
            kind: .text(among: values),
            isRequired: false,
            set: { root, value in
                guard let text = value.stringValue else { return false }
                guard values.isEmpty || values.contains(text) else { return false }
                root[keyPath: path] = text
                return true
            },
            get: { $0[keyPath: path].map { .string($0) } ?? .null }
        )
    }

    /// Texts, of which there may be none.
    package static func texts(
        _ name: String,
        _ path: any WritableKeyPath<Root, [String]> & Sendable,
        _ summary: String,
        among values: [String] = []
    ) -> RequestField {
        RequestField(
            name: name,
            summary: summary,
            kind: .texts(among: values),
            isRequired: false,
            set: { root, value in
                guard let items = value.arrayValue else { return false }
                let texts = items.compactMap(\.stringValue)
                guard texts.count == items.count else { return false }
                guard values.isEmpty || texts.allSatisfy(values.contains) else { return false }
                root[keyPath: path] = texts
                return true
            },
            get: { root in
                let texts = root[keyPath: path]
                return texts.isEmpty ? .null : .array(texts.map { .string($0) })
            }
        )
    }

    /// Yes or no.
    package static func flag(
        _ name: String,
        _ path: any WritableKeyPath<Root, Bool> & Sendable,
        _ summary: String
    ) -> RequestField {
        RequestField(
            name: name,
            summary: summary,
            kind: .flag,
            isRequired: false,
            set: { root, value in
                guard case .bool(let flag) = value else { return false }
                root[keyPath: path] = flag
                return true
            },
            get: { $0[keyPath: path] ? true : .null }
        )
    }

    /// A whole number in a range, which may be said.
    package static func number(
        _ name: String,
        _ path: any WritableKeyPath<Root, Int?> & Sendable,
        _ range: ClosedRange<Int64>,
        _ summary: String
    ) -> RequestField {
        RequestField(
            name: name,
            summary: summary,
            kind: .number(range),
            isRequired: false,
            set: { root, value in
                guard let number = value.intValue, range.contains(number) else { return false }
                root[keyPath: path] = Int(number)
                return true
            },
            get: { $0[keyPath: path].map { .int(Int64($0)) } ?? .null }
        )
    }
}

extension RequestField.Kind {
    /// What values it takes, for sentences.
    package var words: String {
        switch self {
        case .text(let values) where values.isEmpty: "text"
        case .text(let values): "one of \(values.joined(separator: ", "))"
        case .texts(let values) where values.isEmpty: "a list of texts"
        case .texts(let values): "a list of \(values.joined(separator: ", "))"
        case .flag: "true or false"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}
