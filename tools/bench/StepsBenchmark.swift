import Expressions
import PromotionRunner

/// How long steps take to edit a large file.
enum StepsBenchmark {
    /// Prints a line for each kind of edit of a file of two megabytes.
    static func run() throws {
        let lines = (0..<70_000).map { "k\($0): \"value number \($0) ü\" # c\n" }
        let nested = (0..<20_000).map { index in
            "- name: service-\(index)\n  image:\n    repo: r/\(index)\n    tag: \"v\(index)\"\n"
        }
        let change = [try YAMLUpdate.Change(key: "k69999", value: "new")]
        try measure("yaml-update, flat", lines.joined()) { bytes in
            try YAMLUpdate(change).applied(to: bytes)
        }
        let deep = [try YAMLUpdate.Change(key: "19999.image.tag", value: "v2")]
        try measure("yaml-update, nested", nested.joined()) { bytes in
            try YAMLUpdate(deep).applied(to: bytes)
        }
        try measure("yaml-merge", lines.joined()) { bytes in
            let overlay = Array("k5: x\nnew: {a: 1}\n".utf8)
            return try YAMLMerge.merged([("base", bytes), ("overlay", overlay)])
        }
        let members = (0..<50_000).map { "  \"k\($0)\": {\"n\": \($0), \"s\": \"value\"}" }
        let json = try JSONUpdate.Change(key: "k49999.s", value: "new")
        try measure("json-update", "{\n" + members.joined(separator: ",\n") + "\n}\n") { bytes in
            try JSONUpdate([json]).applied(to: bytes)
        }
    }

    /// Prints how long a template of the usual size takes, parsed once.
    static func runExpressions() throws {
        let names = ["catalog", "checkout", "orders", "payments", "web"]
        let components = names.map { name -> Value in
            let commit: Value = ["ID": .string(String(repeating: "4f1c2ab9", count: 5))]
            return [
                "name": .string(name), "change": .string(name == "web" ? "changed" : "unchanged"),
                "to": ["commits": [commit]],
            ]
        }
        let environment = Variables([
            "ctx": ["stage": "prod"], "vars": ["image": "registry.example.com/web"],
            "components": .array(components),
        ])
        let templates = [
            ("a member", "${{ vars.image }}:${{ components[4].to.commits[0].ID }}"),
            ("a condition", "${{ ctx.stage == 'prod' && len(components) > 3 }}"),
            (
                "a list",
                "${{ ctx.stage }}: ${{ join(map(filter(components, #.change != 'unchanged'), "
                    + "#.name), ', ') }}"
            ),
        ]
        for (name, text) in templates {
            let template = try Template(parsing: text)
            var best = Duration.seconds(3600)
            for _ in 0..<5 {
                let start = ContinuousClock.now
                for _ in 0..<10_000 { _ = try template.evaluate(in: environment) }
                best = min(best, ContinuousClock.now - start)
            }
            let nanoseconds = Int((best / .nanoseconds(1) / 10_000).rounded())
            Output.line("expression, \(name): \(nanoseconds) ns")
        }
    }

    private static func measure(
        _ name: String,
        _ text: String,
        _ edit: ([UInt8]) throws -> [UInt8]
    ) throws {
        let bytes = Array(text.utf8)
        var best = Duration.seconds(3600)
        for _ in 0..<5 {
            let start = ContinuousClock.now
            _ = try edit(bytes)
            best = min(best, ContinuousClock.now - start)
        }
        let milliseconds = best / .milliseconds(1)
        let megabytes = Double(bytes.count) / 1_048_576
        Output.line(
            "\(name): \(bytes.count) bytes in \(Int(milliseconds.rounded())) ms, "
                + "\(Int((megabytes / milliseconds * 1000).rounded())) MiB/s"
        )
    }
}
