package import Expressions
import Foundation

/// A rule by which we differ from Kargo; its reason stands in `docs/KARGO.md` word for word.
package struct Difference: Sendable {
    package let file: String
    package let operation: String
    package let reason: String
    /// Which cases it is about, by what they say; never by their names.
    let predicate: @Sendable (ConformanceFile.Case) -> Bool
    /// Whether our answer is what the rule says; nil stands for an error.
    let promise: @Sendable (ConformanceFile.Case, Value?) -> Bool

    /// A rule for an operation of a file; without a promise the answer is not looked at.
    package init(
        file: String,
        operation: String = "",
        reason: String,
        where predicate: @escaping @Sendable (ConformanceFile.Case) -> Bool,
        promise: @escaping @Sendable (ConformanceFile.Case, Value?) -> Bool = { _, _ in true }
    ) {
        self.file = file
        self.operation = operation
        self.reason = reason
        self.predicate = predicate
        self.promise = promise
    }

    func applies(to row: ConformanceFile.Case, in file: String) -> Bool {
        self.file == file && operation == row.operation && predicate(row)
    }
}

extension ConformanceFile {
    /// The rules whose reason the document about Kargo does not give.
    func undocumented(_ differences: [Difference]) -> [String] {
        guard !differences.isEmpty else { return [] }
        let path = Self.repository.appending(path: "docs/KARGO.md")
        let document = words(of: (try? String(contentsOf: path, encoding: .utf8)) ?? "")
        return Set(differences.map(\.reason)).sorted()
            .filter { !document.contains(words(of: $0)) }
            .map { "docs/KARGO.md does not say: \($0)" }
    }

    private func words(of text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Value {
    /// The same without the members of objects that say nothing: null, empty text, lists and maps.
    package var withoutBlanks: Value {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutBlanks))
        case .object(let members):
            .object(members.mapValues(\.withoutBlanks).filter { !$0.value.isBlank })
        default: self
        }
    }

    private var isBlank: Bool {
        [.null, .string(""), .array([]), .object([:])].contains(self)
    }
}
