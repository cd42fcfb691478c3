import EventLog
import Expressions
import LedgerAPI

/// What a verification looked at.
struct VerificationSummary: Equatable {
    var eventCount: UInt64 = 0
    var checkedCount: UInt64 = 0
    var pageCount: UInt64 = 0
    /// Rows of projections.
    var rowCount: UInt64 = 0
}

/// Findings that were counted and not told one by one.
struct OmittedFindings: Equatable {
    let table: String
    let rule: String
    let count: UInt64
}

/// What the process that verifies says to the one that started it: one JSON object a line.
enum VerificationMessage {
    /// What it looks at from now on, as words that follow "it looked at".
    case phase(String)
    case progress(done: UInt64, size: UInt64)
    case finding(VerificationFinding)
    case omitted(OmittedFindings)
    /// The projections were left alone, because the log is not sound.
    case notCompared
    /// It could not check.
    case failure(CommandFailure)
    /// It has looked at everything.
    case done(VerificationSummary)

    /// The message without a line break.
    var line: String { value.json }

    private var value: Value {
        switch self {
        case .phase(let name): ["phase": .string(name)]
        case .progress(let done, let size): ["progress": .array([.count(done), .count(size)])]
        case .finding(let finding): ["finding": finding.value]
        case .omitted(let omitted): ["omitted": omitted.value]
        case .notCompared: ["notCompared": true]
        case .failure(let failure):
            [
                "failure": [
                    "exitCode": .int(Int64(failure.exitCode.rawValue)),
                    "name": .string(failure.name), "message": .string(failure.message),
                    "details": Shape.object(failure.details),
                ]
            ]
        case .done(let summary):
            [
                "done": [
                    "events": .count(summary.eventCount), "checked": .count(summary.checkedCount),
                    "pages": .count(summary.pageCount), "rows": .count(summary.rowCount),
                ]
            ]
        }
    }

    /// Reads a line; nil if it is no message.
    init?(line: String) {
        guard let value = try? Value(json: line), case .object(let members) = value,
            members.count == 1, let (name, content) = members.first
        else { return nil }
        switch (name, content) {
        case ("phase", .string(let name)): self = .phase(name)
        case ("progress", .array(let numbers)):
            guard numbers.count == 2 else { return nil }
            self = .progress(done: numbers[0].countValue, size: numbers[1].countValue)
        case ("finding", .object(let members)): self = .finding(VerificationFinding(members))
        case ("omitted", .object(let members)): self = .omitted(OmittedFindings(members))
        case ("notCompared", _): self = .notCompared
        case ("failure", .object(let members)): self = .failure(CommandFailure(members))
        case ("done", .object(let members)):
            self = .done(
                VerificationSummary(
                    eventCount: members.count(of: "events"),
                    checkedCount: members.count(of: "checked"),
                    pageCount: members.count(of: "pages"),
                    rowCount: members.count(of: "rows")
                )
            )
        default: return nil
        }
    }
}

extension VerificationFinding {
    /// The finding in JSON.
    var value: Value {
        Shape.object([
            ("table", .string(table)), ("rule", .string(rule)), ("what", .string(what)),
            ("position", position.map { .count($0.rawValue) } ?? .null),
            ("page", page.map { .count($0) } ?? .null), ("row", key.map { .string($0) } ?? .null),
        ])
    }

    fileprivate init(_ members: [String: Value]) {
        self.init(
            position: members["position"].map { Position(rawValue: $0.countValue) },
            table: members.text(of: "table"),
            rule: members.text(of: "rule"),
            page: members["page"].map(\.countValue),
            key: members["row"].map { _ in members.text(of: "row") },
            what: members.text(of: "what")
        )
    }
}

extension OmittedFindings {
    /// The count in JSON.
    var value: Value {
        ["table": .string(table), "rule": .string(rule), "count": .count(count)]
    }

    fileprivate init(_ members: [String: Value]) {
        self.init(
            table: members.text(of: "table"),
            rule: members.text(of: "rule"),
            count: members.count(of: "count")
        )
    }
}

extension CommandFailure {
    fileprivate init(_ members: [String: Value]) {
        var details: [(String, Value)] = []
        if case .object(let more)? = members["details"] {
            details = more.map { ($0.key, $0.value) }
        }
        self.init(
            Code(rawValue: Int32(clamping: members.count(of: "exitCode"))) ?? .failure,
            members.text(of: "name"),
            members.text(of: "message"),
            details: details
        )
    }
}

extension Value {
    fileprivate static func count(_ number: UInt64) -> Value { .int(Int64(clamping: number)) }

    fileprivate var countValue: UInt64 {
        if case .int(let number) = self { return UInt64(clamping: number) }
        return 0
    }
}

extension [String: Value] {
    fileprivate func text(of name: String) -> String {
        if case .string(let text)? = self[name] { return text }
        return ""
    }

    fileprivate func count(of name: String) -> UInt64 { self[name]?.countValue ?? 0 }
}
