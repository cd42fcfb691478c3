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
