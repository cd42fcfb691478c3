import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI

/// Tells what is wrong with a ledger.
enum Findings {
    /// Prints a verdict; anything that is wrong ends with exit code 5.
    static func tell(
        _ findings: [VerificationFinding],
        _ options: LedgerOptions,
        sound: String,
        remedy: String = "restore it from a backup"
    ) throws {
        if options.isStructured {
            options.show([
                "sound": .bool(findings.isEmpty),
                "findings": .array(
                    findings.map { finding in
                        Shape.object([
                            ("table", .string(finding.table)), ("what", .string(finding.what)),
                            (
                                "position",
                                finding.position.map { .int(Int64($0.rawValue)) } ?? .null
                            ),
                        ])
                    }
                ),
            ])
        } else if findings.isEmpty {
            Output.line("OK: \(sound)")
        } else {
            for finding in findings { Output.line("\(finding)") }
        }
        guard findings.isEmpty else {
            let count = findings.count == 1 ? "1 finding" : "\(findings.count) findings"
            throw CommandFailure(
                .integrity,
                "integrity",
                "the ledger in \(options.path) is not sound (\(count)); \(remedy)"
            )
        }
    }
}
