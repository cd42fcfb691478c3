import LMDB

/// Puts the checked parts of a log together, in the order of positions.
struct LogAssembly {
    /// Redactions that are kept.
    private static let redactedCountMax = 1_000_000

    private(set) var findings = FindingList<VerificationFinding>()
    private(set) var redacted: [RedactedPayload] = []
    private(set) var redactions: [Position] = []
    private let plan: LogPlan
    /// The nodes of all parts so far.
    private var tree = TreeStack()
    private var lastRecorded: Int64?
    private var commands = CommandSum()
    private var unreadableCount: UInt64 = 0

    init(_ plan: LogPlan) {
        self.plan = plan
    }

    mutating func add(_ part: PartResult) {
        findings.add(part.findings)
        if let last = lastRecorded, let first = part.firstRecorded, first.time < last {
            findings.add(first.position, "headers", "time", PartCheck.timeRule)
        }
        lastRecorded = part.lastRecorded ?? lastRecorded
        commands.add(part.commands)
        unreadableCount += part.unreadableCount
        let room = max(0, Self.redactedCountMax - redacted.count)
        redacted += part.redacted.prefix(room)
        let more = max(0, Self.redactedCountMax - redactions.count)
        redactions += part.redactions.prefix(more).map { Position(rawValue: $0) }
        addTree(part)
    }

    /// Adds the nodes of a part; those of larger subtrees are made of them.
    private mutating func addTree(_ part: PartResult) {
        guard plan.first == 1, UInt64(part.positions.count) == plan.partCount,
            let root = part.tree.nodes.first
        else {
            rest = part.tree.nodes
            return
        }
        let position = part.positions.upperBound
        var index =
            MerkleTree.storedIndex(level: 0, offset: position - 1) + UInt64(plan.partLevel)
        var above = part.above.makeIterator()
        var wrong: [(UInt64, TreeNode)] = []
        // Nodes are asked for in the order of their numbers, and reported right after.
        tree.append(root) { _ in
            index += 1
            return above.next() ?? nil
        } report: { _, node in
            if node.computed != nil { wrong.append((index, node)) }
        }
        for (index, node) in wrong {
            findings.add(
                position,
                "hashes",
                node.stored == nil ? "missing" : "hash",
                PartCheck.hashRule(index, isMissing: node.stored == nil)
            )
        }
    }

    /// The nodes of the last part, if it is no complete subtree.
    private var rest: [TreeNode] = []

    /// Checks the end of the log, and the commands against their rows.
    mutating func finish(_ rows: CommandRows?) {
        let last = plan.eventCount
        if let head = plan.head {
            if head.tree.size != last {
                report(
                    "end",
                    "says that the log ends at #\(head.tree.size), but the last event is #\(last)"
                )
            } else {
                checkTree(head)
            }
            if let lastRecorded, head.recorded.rawValue != lastRecorded {
                report("end", "has another time than the last event")
            }
        }
        checkCount(plan.headers, "headers", last)
        checkCount(plan.payloads, "payloads", last)
        checkCount(plan.hashes, "hashes", MerkleTree.storedCount(size: last))
        if let rows {
            findings.add(rows.findings)
            if rows.sum != commands { findings.add(CommandSearch(plan).all()) }
        } else {
            findings.add(CommandSearch(plan).named(from: plan.first))
        }
    }

    private mutating func checkTree(_ head: HeadRow) {
        let nodes = tree.nodes + rest
        guard nodes.count == head.tree.peaks.count else {
            return report("end", "has another tree than the headers")
        }
        let isRight = zip(nodes, head.tree.peaks).allSatisfy { node, peak in
            // What is not known for want of a header was reported.
            node.computed == nil && node.stored == nil || node.allows(peak)
        }
        if !isRight { report("end", "has another tree than the headers") }
    }

    private mutating func report(_ rule: String, _ what: String) {
        findings.add(VerificationFinding(table: "meta", rule: rule, what: what))
    }

    private mutating func checkCount(_ record: TableRecord, _ name: String, _ count: UInt64) {
        guard record.rowCount != count else { return }
        findings.add(
            VerificationFinding(
                table: name,
                rule: "count",
                what: "has \(record.rowCount) rows, and should have \(count)"
            )
        )
    }
}
