import ConformanceSupport
import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Secrets
import Testing

@Suite struct StepFunctionsConformance {
    private static let file = "expressions-functions.json"
    private static let artifacts: Set<String> = [
        "commitFrom", "imageFrom", "chartFrom", "artifactFrom",
    ]
    private static let data: Set<String> = [
        "freightMetadata", "freightStatus", "stageMetadata", "configMap", "secret",
        "sharedSecret", "sharedConfigMap", "status",
    ]

    @Test func `the functions of steps answer as Kargo's`() throws {
        let disagreements = try ConformanceFile(Self.file).run(
            only: { row in
                let function = row.input.text("function")
                return Self.data.contains(function)
                    || Self.artifacts.contains(function) && row.input["discovered"] == nil
            },
            differences: Self.differences,
            comparing: Self.hasAll
        ) { row in try Self.answer(row) }
        #expect(disagreements == [])
    }

    private static func answer(_ row: ConformanceFile.Case) throws -> Value {
        let arguments = row.input.elements("args").map { ($0["origin"] ?? $0).json }
        let call = "\(row.input.text("function"))(\(arguments.joined(separator: ", ")))"
        var input = row.input.objectValue ?? [:]
        // As text, so that nothing is read into an answer that looks like a number.
        input["config"] = ["answer": .string("${% toJSON({\"value\": \(call)}) %}")]
        input["alias"] = row.input["currentAlias"]
        input["project"] = "fake-project"
        // A promotion holds nothing of origins that its stage does not request.
        let requested = row.input.elements("requestedFreight").compactMap { $0["origin"] }
        if !requested.isEmpty {
            let held = row.input.elements("freight")
            let ours = held.filter { $0["origin"].map(requested.contains) ?? false }
            input["freight"] = .array(ours)
        }
        let step = try CaseJob(.object(input))
        let safe = try Safe()
        let expressions = StepExpressions(
            step.job,
            at: step.index,
            sources: try sources(row.input["resources"] ?? .null, safe)
        )
        return try expressions.configuration()["answer"]?["value"] ?? .null
    }

    /// What the case says there is besides the promotion.
    private static func sources(_ resources: Value, _ safe: Safe) throws -> StepSources {
        let project = ProjectName(unchecked: "fake-project")
        func put(_ folder: String, _ name: String, _ keys: Value?) throws {
            for (key, value) in keys?.objectValue ?? [:] {
                try safe.put("\(folder)/\(name)/\(key)", value.stringValue ?? value.json)
            }
        }
        for (name, map) in resources["configMaps"]?.objectValue ?? [:] {
            try put("config/\(project)", name, map)
        }
        for (name, secret) in resources["secrets"]?.objectValue ?? [:] {
            try put("secrets/\(project)", name, secret["data"])
        }
        for (name, secret) in resources["sharedSecrets"]?.objectValue ?? [:] {
            let isGeneric = secret["credentialType"] == "generic"
            let folder = isGeneric ? "secrets/_shared" : "credentials/_shared"
            try put(folder, name, secret["data"])
        }
        var sources = StepSources()
        sources.keys = safe.store()
        sources.freight = { _, name in
            guard let status = resources["freight"]?[name]?["status"] else { return nil }
            return FreightNotes(metadata: status["metadata"] ?? .null, status: status)
        }
        return sources
    }

    /// Whether an answer has every member that the case lists, under Go's names for them.
    private static func hasAll(_ answer: Value, _ expected: Value) -> Bool {
        guard case .object(let members) = expected, case .object(let ours) = answer else {
            return expected.isSame(as: answer)
        }
        let byName = Dictionary(ours.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        return members.allSatisfy { name, value in
            byName[name.lowercased()].map { $0.isSame(as: value) } ?? false
        }
    }

    private static let differences = [
        Difference(
            file: file,
            reason: "Artifacts are looked up in what the freight holds, not in what a warehouse "
                + "subscribes to.",
            where: { row in
                artifacts.contains(row.input.text("function")) && row.expectsError
                    && !row.input.elements("requestedFreight").isEmpty
            },
            promise: { _, answer in answer == .null }
        ),
        Difference(
            file: file,
            reason: "Only commits, images and charts are artifacts: this version knows no generic "
                + "ones",
            where: { row in
                row.input.elements("freight").contains { !$0.elements("artifacts").isEmpty }
            },
            promise: { _, answer in answer == .null }
        ),
        Difference(
            file: file,
            reason: "Images and charts are found however their URL is spelled.",
            where: { row in
                let asked = row.input.elements("args").first?.stringValue
                let held = row.input.elements("freight").flatMap { $0.elements("images") }
                return row.expect == .null
                    && held.contains { $0["repoURL"]?.stringValue != asked }
                    && row.input.elements("args").count == 1
            },
            promise: { _, answer in answer?["Tag"] != nil }
        ),
        Difference(
            file: file,
            reason: "only freight has metadata",
            where: { row in
                row.input["function"] == "stageMetadata" && !row.expectsError
                    && row.expect != .null
            },
            promise: { _, answer in answer == .null }
        ),
    ]
}
