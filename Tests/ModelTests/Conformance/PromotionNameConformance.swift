import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct PromotionNameConformance {
    @Test func `names have Kargo's form, fit, and sort in the order of requests`() throws {
        let disagreements = try ConformanceFile("promotion-name.json").run { row in
            guard row.operation == "generate" else { throw row.isUnknown }
            let stage = row.input.text("stage")
            let freight = row.input.text("freight")
            // Nothing is called nothing, so there is no such promotion.
            guard !stage.isEmpty, !freight.isEmpty else { return "" }
            let names = names(stage, freight)
            guard names == names.sorted(), Set(names).count == names.count else { return nil }
            return parts(names[0])
        }
        #expect(disagreements == [])
    }

    /// The names of promotions that are asked for one after the other, some of them at one time.
    private func names(_ stage: String, _ freight: String) -> [PromotionName] {
        (0..<100).map { index in
            .name(
                stage: StageName(unchecked: stage),
                at: Timestamp(rawValue: 1_796_000_000_000 + index / 7),
                position: Position(rawValue: 1_000 + UInt64(index)),
                suffix: freight
            )
        }
    }

    private func parts(_ name: PromotionName) -> Value? {
        let parts = name.rawValue.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[parts.count - 2].allSatisfy(isDigit) else { return nil }
        return [
            "prefix": .string(parts.dropLast(2).joined(separator: ".")),
            "idLength": .int(Int64(parts[parts.count - 2].utf8.count)),
            "suffix": .string(String(parts[parts.count - 1])),
            "length": .int(Int64(name.rawValue.utf8.count)),
        ]
    }

    /// Whether a character is one of a ULID, in lower case.
    private func isDigit(_ character: Character) -> Bool {
        "0123456789abcdefghjkmnpqrstvwxyz".contains(character)
    }
}
