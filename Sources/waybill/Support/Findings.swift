import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI
import Requests

/// Tells what is wrong with a ledger.
enum Findings {
    /// Prints a verdict; anything that is wrong ends with exit code 5.
    static func tell(
        _ report: VerificationReport,
        _ options: LedgerOptions,
        sound: String
    ) throws {
        let findings = report.findings
        if options.isStructured {
            options.show([
                "sound": .bool(findings.isEmpty),
                "findings": .array(findings.map(\.value)),
                "omitted": .array(report.omitted.map(\.value)),
                "events": .int(Int64(clamping: report.summary.eventCount)),
                "checked": .int(Int64(clamping: report.summary.checkedCount)),
            ])
        } else if findings.isEmpty {
            Output.line("OK: \(sound)")
        } else {
            Output.text(table(of: findings))
            for omitted in report.omitted {
                Output.line("and \(omitted.count) more of table \(omitted.table)")
            }
            for name in report.skipped {
                Output.line("The \(name) were not compared, because the ledger is not sound.")
            }
        }
        guard findings.isEmpty else {
            let all = report.omitted.reduce(UInt64(findings.count)) { $0 + $1.count }
            throw CommandFailure(
                .integrity,
                "integrity",
                "the ledger in \(options.directory) is not sound "
                    + "(\(all == 1 ? "1 finding" : "\(all) findings")); \(remedy(findings))"
            )
        }
    }

    /// Only the columns that something stands in.
    private static func table(of findings: [VerificationFinding]) -> String {
        let columns: [(name: String, cell: (VerificationFinding) -> String)] = [
            ("TABLE", { $0.table }), ("POSITION", { $0.position.map { "\($0)" } ?? "" }),
            ("PAGE", { $0.page.map { "\($0)" } ?? "" }), ("ROW", { $0.key ?? "" }),
            ("WHAT", { $0.what }),
        ]
        let used = columns.filter { column in findings.contains { !column.cell($0).isEmpty } }
        var table = TextTable(used.map(\.name))
        for finding in findings { table.add(used.map { $0.cell(finding) }) }
        return table.text
    }

    /// What can be made anew is made anew; for the log there is only a backup.
    private static func remedy(_ findings: [VerificationFinding]) -> String {
        if findings.allSatisfy({ ProjectionCheck.rules.contains($0.rule) }) {
            return "run waybill ledger rebuild"
        }
        if findings.allSatisfy({ ["checkpoint", "git"].contains($0.table) }) {
            return "ask whoever has kept what it contradicts, and see waybill ledger info"
        }
        return "restore it from a backup"
    }
}
