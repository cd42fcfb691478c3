import ConformanceSupport
import Expressions
import Foundation
import Manifests
import PromotionModel
import Testing

@Suite struct ManifestRoundTrip {
    /// Every manifest of the fixtures.
    static func fixtures() throws -> [(name: String, text: String)] {
        let folder = ConformanceFile.repository.appending(path: "fixtures")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.allObjects ?? []).compactMap { $0 as? URL }
            .filter { ["yaml", "yml"].contains($0.pathExtension) }
            .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
            .filter { $0.text.contains("apiVersion:") }
    }

    @Test func `every fixture reads back equal after writing`() throws {
        var count = 0
        for (name, text) in try Self.fixtures() {
            let reading = ManifestReader.read(text, file: name)
            for resource in reading.resources {
                try expectRoundTrip(resource)
                count += 1
            }
        }
        #expect(count >= 6)
    }

    @Test func `what the example says arrives in the specifications`() throws {
        let fixture = try #require(try Self.fixtures().first { $0.name == "pipeline.yaml" })
        let reading = ManifestReader.read(fixture.text, file: "pipeline.yaml")
        #expect(reading.problems.map(\.description) == [])
        #expect(
            reading.notices.map(\.description) == [
                "pipeline.yaml:23:3: spec.freightLinks: this version shows no links",
                "pipeline.yaml:147:1: Secret of v1 is skipped: Waybill applies kinds of "
                    + "kargo.akuity.io and waybill.dev",
            ]
        )
        #expect(reading.resources.count == 6)
        guard case .warehouse(_, let warehouse) = reading.resources[2].specification,
            case .stage(_, let uat) = reading.resources[3].specification,
            case .junction(_, let junction) = reading.resources[4].specification,
            case .stage(_, let prod) = reading.resources[5].specification
        else {
            Issue.record("the kinds are others")
            return
        }
        #expect(warehouse.intervalMs == 90_000)
        #expect(warehouse.subscriptions[0].git?.sinceMs == 1_769_857_200_000)
        #expect(warehouse.subscriptions[1].git?.branch == nil)
        #expect(uat.labels.map(\.name) == ["team", "tier"])
        #expect(uat.requestedFreight[0].requiredSoakMs == 5_400_000)
        #expect(uat.requestedFreight[0].availability == .all)
        #expect(uat.requestedFreight[1].selection == .matchUpstream)
        #expect(uat.steps[0].retry?.timeoutMs == 600_000)
        #expect(uat.steps[1].forEach == .changed)
        #expect(uat.steps[0].config["checkout"]?.arrayValue?[0]["depth"] == .int(1))
        #expect(uat.steps[0].config["checkout"]?.arrayValue?[0]["tag"] == .string("1.10"))
        #expect(junction.selection == .newestVerified)
        #expect(junction.requestedFreight[1].optional)
        #expect(junction.debounceMs == 600_000 && junction.debounceMaxMs == 3_600_000)
        #expect(junction.criteria == "len(changed) > 0" && junction.requireVerifiedTogether)
        #expect(prod.isControlFlow && prod.requestedFreight[0].direct)
    }

    @Test(arguments: [PromotionQueuePolicy.all, .latest, .coalesce])
    func `each order of the queue reads back equal`(queue: PromotionQueuePolicy) throws {
        var stage = StageSpec()
        stage.requestedFreight = [
            RequestedFreight(origin: Origin(unchecked: "Warehouse/w"), direct: true)
        ]
        stage.promotionQueue = queue
        try expectRoundTrip(
            Resource(
                project: ProjectName(unchecked: "shop"),
                specification: .stage(StageName(unchecked: "s"), stage)
            )
        )
    }

    @Test func `what has no effect where people repackage is told, and read all the same`() {
        let reading = ManifestReader.read(
            junctionText(
                "{\(directText), repackaging: {debounce: 10m, criteria: {expression: 1}}}"
            ),
            file: "m.yaml"
        )
        #expect(
            reading.notices.map(\.description) == [
                "m.yaml:4:115: spec.repackaging.debounce: it has no effect while the policy is "
                    + "Manual",
                "m.yaml:4:130: spec.repackaging.criteria: it has no effect while the policy is "
                    + "Manual",
            ]
        )
    }

    @Test func `any texts and trees in a stage read back equal`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var stage = StageSpec()
            stage.requestedFreight = [
                RequestedFreight(origin: Origin(unchecked: "Warehouse/w"), direct: true)
            ]
            stage.vars = [Variable(name: "v", value: generator.text())]
            stage.labels = [Variable(name: "l", value: generator.text())]
            var step = StepTemplate()
            step.uses = "git-clone"
            step.config = .object([
                generator.text(): generator.tree(depth: 4), "x": generator.tree(depth: 3),
            ])
            stage.steps = [step]
            let resource = Resource(
                project: ProjectName(unchecked: "shop"),
                specification: .stage(StageName(unchecked: "s"), stage)
            )
            try expectRoundTrip(resource, "seed \(seed)")
        }
    }

    private func expectRoundTrip(_ resource: Resource, _ comment: String = "") throws {
        let text = ManifestWriter.yaml(of: resource)
        let reading = ManifestReader.read(text, file: "written.yaml")
        #expect(reading.problems.map(\.description) == [], "\(comment)\n\(text)")
        #expect(reading.resources.first?.project == resource.project)
        #expect(
            reading.resources.first?.specification == resource.specification,
            "\(comment)\n\(text)"
        )
    }
}

/// SplitMix64, so that a printed seed gives the same run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A text that YAML could mistake for something else.
    mutating func text() -> String {
        let pieces = [
            "a", "b c", " ", "\n", "\n\n", "- ", ": ", ":", "#", " #", "\"", "'", "\\", "\t", "{",
            "}",
            "[", "]", "&", "*", "!", "|", ">", "%", "@", "`", "0", "12", "1.5", "0x1f", "1e3", "-",
            "+",
            ".", "..", "...", "---", "~", "null", "true", "no", "yes", "on", "y", "<<", "=", "é",
            "\u{1f680}", "\u{85}", "\u{2028}", "\u{feff}", "\u{0}", "\u{7f}", "\r\n", "?", ",",
            "2026-01-31", "12:30", ".inf", "0o7", "_",
        ]
        let count = Int.random(in: 0...4, using: &self)
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    /// A tree without anything that a template check would refuse.
    mutating func tree(depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(.random(using: &self))
        case 2: return .int(.random(in: -1_000...1_000, using: &self))
        case 3:
            let numbers = [0.5, 1.0, -2.0, 1e21, 1e-7, 123_456_789.25, 1e20, 3e300, -0.001]
            return .double(numbers.randomElement(using: &self) ?? 0)
        case 4, 5: return .string(text())
        case 6:
            let count = Int.random(in: 0...3, using: &self)
            return .array((0..<count).map { _ in tree(depth: depth - 1) })
        default:
            let count = Int.random(in: 0...3, using: &self)
            let members = (0..<count).map { _ in (text(), tree(depth: depth - 1)) }
            return .object(Dictionary(members) { first, _ in first })
        }
    }
}
