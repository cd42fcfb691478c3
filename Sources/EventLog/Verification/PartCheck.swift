import LMDB

/// Checks a part of the log: headers, payloads, hashes and the sequence of commands.
///
/// Rows are read in the order of positions, from three tables side by side.
struct PartCheck: ~Copyable {
    private let plan: LogPlan
    private var headers: TableScan
    private var payloads: TableScan
    private var hashes: TableScan
    /// For single rows elsewhere.
    private var otherHeaders: TableScan
    private var otherHashes: TableScan
    private var result: PartResult
    private var command = CommandRun()
    private var expected: UInt64

    init(_ plan: LogPlan, _ positions: ClosedRange<UInt64>) {
        self.plan = plan
        headers = TableScan(plan.snapshot, plan.headers)
        payloads = TableScan(plan.snapshot, plan.payloads)
        hashes = TableScan(plan.snapshot, plan.hashes)
        otherHeaders = TableScan(plan.snapshot, plan.headers)
        otherHashes = TableScan(plan.snapshot, plan.hashes)
        expected = positions.lowerBound
        result = PartResult(positions: positions, tree: TreeStack())
    }

    private var levels: Int { plan.first == 1 ? plan.partLevel : 64 }

    /// Checks the part; `progress` is told now and then how many more events are done.
    consuming func run(progress: (UInt64) -> Void) -> PartResult {
        result.tree = startingTree()
        let (first, last) = (result.positions.lowerBound, result.positions.upperBound)
        _ = payloads.seek(atOrAfter: first)
        _ = hashes.seek(atOrAfter: result.tree.nextIndex)
        var told = first
        if headers.seek(atOrAfter: first) {
            repeat {
                let position = headers.number
                guard position <= last else { break }
                // Rows that are not in order are a finding of the structure.
                guard position >= expected else { continue }
                if position > expected { reportGap(before: position) }
                checkEvent(at: position)
                expected = position + 1
                if position - told >= 4096 {
                    progress(position - told)
                    told = position
                }
            } while headers.next()
        }
        if expected <= last { reportGap(before: last + 1) }
        finishCommand(readingOn: true)
        if levels < 64 { readAbove() }
        progress(last + 1 - told)
        return result
    }

    /// The tree before the part: of complete parts each is a tree of its own.
    private mutating func startingTree() -> TreeStack {
        let before = result.positions.lowerBound - 1
        guard levels == 64 else { return TreeStack(leafCount: before) }
        var nodes: [TreeNode] = []
        for subtree in MerkleTree.subtrees(of: 0..<before) {
            let stored = storedElsewhere(subtree.storedIndex)
            nodes.append(TreeNode(computed: stored, stored: stored))
        }
        return TreeStack(leafCount: before, nodes: nodes)
    }

    // MARK: - Events

    private mutating func reportGap(before position: UInt64) {
        let count = position - expected
        result.findings.add(
            expected,
            "headers",
            "missing",
            count == 1 ? "is missing" : "is missing, with the \(count - 1) after it"
        )
        result.unreadableCount += count
        command.interrupt()
        for _ in 0..<count { addLeaf(nil) }
    }

    private mutating func checkEvent(at position: UInt64) {
        let row = StoredHeader(headers)
        addLeaf(row.leaf)
        guard let header = row.view else {
            result.unreadableCount += 1
            result.findings.add(position, "headers", "header", row.fault)
            return command.interrupt()
        }
        if header.type == plan.redactionType { result.redactions.append(position) }
        checkHeader(header, at: position)
        checkPayload(header, at: position)
        checkCommand(header, at: position)
    }

    private mutating func checkHeader(_ header: HeaderView, at position: UInt64) {
        if header.position != position {
            result.findings.add(
                position,
                "headers",
                "position",
                "names position #\(header.position)"
            )
        }
        if let last = result.lastRecorded {
            if header.recorded < last {
                result.findings.add(position, "headers", "time", PartCheck.timeRule)
            }
        } else {
            result.firstRecorded = (position, header.recorded)
        }
        result.lastRecorded = header.recorded
        if let wallClock = header.wallClock, wallClock >= header.recorded {
            result.findings.add(
                position,
                "headers",
                "time",
                "has a wall clock that is not before the recorded time"
            )
        }
        if let cause = header.cause, cause == 0 || cause >= position {
            result.findings.add(
                position,
                "headers",
                "cause",
                "names #\(cause) as its cause, which is not before it"
            )
        }
    }

    static let timeRule = "was recorded before the event that precedes it"

    private mutating func checkPayload(_ header: HeaderView, at position: UInt64) {
        while payloads.isAtRow, payloads.number < position { _ = payloads.next() }
        guard payloads.isAtRow, payloads.number == position else {
            return result.findings.add(position, "payloads", "missing", "is missing")
        }
        switch PayloadState(payloads, header.payloadHash) {
        case .sound: return
        case .redacted(let redaction):
            result.redacted.append(
                RedactedPayload(position: Position(rawValue: position), redaction: redaction)
            )
        case .faulty(let what): result.findings.add(position, "payloads", "payload", what)
        }
    }

    // MARK: - Commands

    private mutating func checkCommand(_ header: HeaderView, at position: UInt64) {
        if let contentHash = header.contentHash {
            finishCommand(readingOn: false)
            command.begin(header.command, contentHash, at: position, isOwn: true)
        } else if position == result.positions.lowerBound {
            resumeCommand(header, at: position)
        }
        let rule = command.add(header, at: position)
        if let rule { result.findings.add(position, "headers", "command", rule) }
    }

    /// Looks up the command that a part begins in the middle of.
    private mutating func resumeCommand(_ header: HeaderView, at position: UInt64) {
        guard header.indexInCommand > 0, header.indexInCommand < position else { return }
        let first = position - header.indexInCommand
        guard otherHeaders.find(first), let begun = HeaderView(at: otherHeaders) else {
            return command.interrupt()
        }
        if let contentHash = begun.contentHash {
            command.begin(begun.command, contentHash, at: first, isOwn: false)
        }
    }

    /// Adds the row that the command should have; with `readingOn` its events may go on behind
    /// the part.
    private mutating func finishCommand(readingOn: Bool) {
        if readingOn, command.isOpen {
            while let header = HeaderView(at: headers), header.contentHash == nil,
                command.add(header, at: headers.number) == nil
            {
                _ = headers.next()
            }
        }
        if let (name, row) = command.finished { result.commands.add(name, row) }
        command = CommandRun()
    }

    // MARK: - Hashes

    private mutating func addLeaf(_ leaf: Digest?) {
        let position = result.tree.leafCount + 1
        let index = result.tree.nextIndex
        let node = TreeNode(computed: leaf, stored: storedNext(index))
        if leaf != nil, !node.isSound { reportLeaf(node, at: position, index) }
        var tree = TreeStack()
        swap(&tree, &result.tree)
        var wrong: [(UInt64, Bool)] = []
        tree.append(node, levels: levels) { index in
            storedNext(index)
        } report: { index, node in
            // Without a header nothing can be said.
            if node.computed != nil { wrong.append((index, node.stored == nil)) }
        }
        swap(&tree, &result.tree)
        for (index, isMissing) in wrong {
            result.findings.add(
                position,
                "hashes",
                isMissing ? "missing" : "hash",
                Self.hashRule(index, isMissing: isMissing)
            )
        }
    }

    static func hashRule(_ index: UInt64, isMissing: Bool) -> String {
        isMissing ? "hash \(index) is missing" : "hash \(index) is not what the headers make it"
    }

    /// Says which of the two is wrong: what is above and beside them knows.
    private mutating func reportLeaf(_ node: TreeNode, at position: UInt64, _ index: UInt64) {
        guard let stored = node.stored else {
            return result.findings.add(
                position,
                "hashes",
                "missing",
                Self.hashRule(index, isMissing: true)
            )
        }
        let leaf = position - 1
        let sibling = storedElsewhere(MerkleTree.storedIndex(level: 0, offset: leaf ^ 1))
        let parent = storedElsewhere(MerkleTree.storedIndex(level: 1, offset: leaf >> 1))
        let isTreesOwn: Bool
        if let sibling, let parent {
            isTreesOwn = (leaf & 1 == 0 ? .node(stored, sibling) : .node(sibling, stored)) == parent
        } else {
            isTreesOwn = plan.head?.tree.peaks.last == stored
        }
        if isTreesOwn {
            result.findings.add(
                position,
                "headers",
                "header",
                "was changed: the tree has another hash for it, \(index)"
            )
        } else {
            result.findings.add(
                position,
                "hashes",
                "hash",
                Self.hashRule(index, isMissing: false)
            )
        }
    }

    /// The stored hashes of the larger subtrees that the part completes.
    private mutating func readAbove() {
        let end = result.tree.leafCount
        var index =
            MerkleTree.storedIndex(level: 0, offset: end - 1) + UInt64(plan.partLevel) + 1
        while index < MerkleTree.storedIndex(level: 0, offset: end) {
            result.above.append(storedNext(index))
            index += 1
        }
    }

    /// The stored hash of a number, where numbers are asked for in ascending order.
    private mutating func storedNext(_ index: UInt64) -> Digest? {
        while hashes.isAtRow, hashes.number < index { _ = hashes.next() }
        return hashes.isAtRow && hashes.number == index ? Digest(at: hashes) : nil
    }

    private mutating func storedElsewhere(_ index: UInt64) -> Digest? {
        otherHashes.find(index) ? Digest(at: otherHashes) : nil
    }
}
