import ConformanceSupport
import Expressions

/// How the rows of conformance files write things.
extension Value {
    /// The member `name` as text; empty where there is none.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// The elements of the member `name`, which are texts.
    func texts(_ name: String) -> [String] {
        (self[name]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// The elements of the member `name`.
    func elements(_ name: String) -> [Value] { self[name]?.arrayValue ?? [] }
}
