import LMDB

/// All rows of `commands`: their sum, and those that are none.
struct CommandRows: Sendable {
    private(set) var sum = CommandSum()
    private(set) var findings = FindingList<VerificationFinding>()

    init(_ plan: LogPlan) {
        var scan = TableScan(plan.snapshot, plan.commands)
        var goesOn = scan.first()
        while goesOn {
            let name = CommandName(scan.key)
            if let row = CommandRow(at: scan) {
                sum.add(name, row)
            } else {
                findings.add(
                    VerificationFinding(
                        table: "commands",
                        rule: "row",
                        key: "\(name)",
                        what: "cannot be read"
                    )
                )
            }
            goesOn = scan.next()
        }
    }
}

/// Finds out which commands and rows do not belong together, looking each one up.
///
/// Slow; it is done where sums have shown that there are some, or for a few events.
struct CommandSearch {
    private let plan: LogPlan

    init(_ plan: LogPlan) {
        self.plan = plan
    }

    /// Compares in both directions.
    func all() -> FindingList<VerificationFinding> {
        var findings = named(from: 1)
        findings.add(unnamed())
        return findings
    }

    /// Commands that headers name from a position on, and that have no row or another one.
    func named(from first: UInt64) -> FindingList<VerificationFinding> {
        var findings = FindingList<VerificationFinding>()
        var rows = TableScan(plan.snapshot, plan.commands)
        var headers = TableScan(plan.snapshot, plan.headers)
        var open: (name: CommandName, row: CommandRow)?
        var isCertain = true
        var expected = first
        func finish(_ open: (name: CommandName, row: CommandRow)?, _ isCertain: Bool) {
            guard let open else { return }
            let key = open.name.key
            if rows.find(key.span), let row = CommandRow(at: rows) {
                // Where headers are missing it is not known where the command ends.
                if row == open.row || !isCertain && row.last > open.row.last { return }
                findings.add(
                    open.row.first.rawValue,
                    "commands",
                    "command",
                    "says something else of command \(open.name) than its events"
                )
            } else {
                findings.add(
                    open.row.first.rawValue,
                    "commands",
                    "command",
                    "lacks command \(open.name)"
                )
            }
        }
        var goesOn = headers.seek(atOrAfter: first)
        while goesOn {
            let position = headers.number
            if position != expected { isCertain = false }
            expected = position &+ 1
            if let header = HeaderView(at: headers) {
                if let contentHash = header.contentHash {
                    finish(open, isCertain)
                    isCertain = true
                    let here = Position(rawValue: position)
                    open = (
                        header.command,
                        CommandRow(first: here, last: here, contentHash: contentHash)
                    )
                } else if let last = open, last.name == header.command {
                    open?.row = CommandRow(
                        first: last.row.first,
                        last: Position(rawValue: position),
                        contentHash: last.row.contentHash
                    )
                }
            } else {
                isCertain = false
            }
            goesOn = headers.next()
        }
        finish(open, isCertain)
        return findings
    }

    /// Rows whose command no header names.
    private func unnamed() -> FindingList<VerificationFinding> {
        var findings = FindingList<VerificationFinding>()
        var rows = TableScan(plan.snapshot, plan.commands)
        var headers = TableScan(plan.snapshot, plan.headers)
        var goesOn = rows.first()
        while goesOn {
            let name = CommandName(rows.key)
            if let row = CommandRow(at: rows) {
                var isNamed = false
                if headers.find(row.first.rawValue) {
                    let header = HeaderView(at: headers)
                    // A header that cannot be read is a finding of its own.
                    isNamed = header.map { $0.contentHash != nil && $0.command == name } ?? true
                }
                if !isNamed {
                    findings.add(
                        VerificationFinding(
                            table: "commands",
                            rule: "row",
                            key: "\(name)",
                            what: "names event \(row.first), which does not begin that command"
                        )
                    )
                }
            }
            goesOn = rows.next()
        }
        return findings
    }
}
