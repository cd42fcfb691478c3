/// One pass over the trees of a data file, checking each page and noting which ones there are.
final class TreeWalk {
    /// What the leaves of a tree hold.
    enum Content {
        /// Rows, with values of any kind.
        case rows
        /// The records of tables.
        case tables
        /// Lists of page numbers.
        case freeList
    }

    /// Keys that the rows below a page lie between: where they stand in the pages above it.
    struct Bounds {
        typealias Place = (level: Int, key: Range<Int>)
        var lower: Place?
        var upper: Place?
    }

    /// The tree that is being walked, and what was counted in it.
    struct Tree {
        let name: String
        let kind: Table.Kind
        let content: Content
        let depth: Int
        var branchPageCount: UInt64 = 0
        var leafPageCount: UInt64 = 0
        var overflowPageCount: UInt64 = 0
        var rowCount: UInt64 = 0
        /// Whether a page could not be entered, so that the counts say nothing.
        var isPartial = false
    }

    let snapshot: FileSnapshot
    let stack: PageStack
    let long: LongValue
    var findings = FindingList<StructureFinding>()
    /// Pages that were entered.
    private(set) var live: PageBits
    /// Pages on the free list.
    var free: PageBits
    /// How many pages were entered, those of long values too.
    private(set) var pageCount: UInt64 = 0
    /// The tables that were found.
    var tables: [String: TableRecord] = [:]
    /// Whether a page of any tree could not be entered.
    private(set) var isPartial = false
    var tree = Tree(name: "", kind: .bytes, content: .rows, depth: 0)
    private let progress: (UInt64) -> Void
    /// Where each node begins, and how long it is; by half offsets.
    private var nodeSizes: [UInt16]

    init(_ snapshot: FileSnapshot, _ progress: @escaping (UInt64) -> Void) {
        self.snapshot = snapshot
        self.progress = progress
        stack = PageStack(snapshot.file)
        long = LongValue(snapshot.file)
        let limit = Self.pageLimit(snapshot)
        live = PageBits(limit: limit)
        free = PageBits(limit: limit)
        nodeSizes = [UInt16](repeating: 0, count: snapshot.file.pageByteCount / 2 + 1)
    }

    /// Pages at or above this number are none: a file may be shorter than its last page, but not
    /// by more than a transaction can give out and free again.
    static func pageLimit(_ snapshot: FileSnapshot) -> UInt64 {
        min(snapshot.lastPage + 1, snapshot.file.pageCount + 1 << 20)
    }

    /// Checks a tree, and what its record says of it.
    func walk(_ name: String, _ record: TableRecord, _ content: Content) {
        let kind: Table.Kind = content == .freeList ? .positions : record.kind ?? .bytes
        tree = Tree(name: name, kind: kind, content: content, depth: record.depth)
        if !record.isEmpty {
            if record.depth < 1 || record.depth > PageStack.levelCountMax {
                report(.record, "says that its tree has \(record.depth) levels")
            } else {
                visit(record.root, level: 0, Bounds())
            }
        }
        if tree.isPartial { isPartial = true } else { compare(record) }
    }

    private func compare(_ record: TableRecord) {
        let counts = [
            ("levels", UInt64(record.depth), record.isEmpty ? 0 : UInt64(record.depth)),
            ("branch pages", record.branchPageCount, tree.branchPageCount),
            ("leaf pages", record.leafPageCount, tree.leafPageCount),
            ("overflow pages", record.overflowPageCount, tree.overflowPageCount),
            ("rows", record.rowCount, tree.rowCount),
        ]
        for (what, said, counted) in counts where said != counted {
            report(.record, "says that it has \(said) \(what), and has \(counted)")
        }
    }

    // MARK: - Pages

    private func visit(_ page: UInt64, level: Int, _ bounds: Bounds) {
        guard let view = enter(page, level: level, bounds) else {
            tree.isPartial = true
            return
        }
        let isLeaf = view.kind == .leaf
        if isLeaf { tree.leafPageCount += 1 } else { tree.branchPageCount += 1 }
        guard checkLayout(view, page, bounds), checkKeys(view, page, level, bounds) else {
            tree.isPartial = true
            return
        }
        let count = view.nodeCount
        if isLeaf {
            tree.rowCount += UInt64(count)
            for index in 0..<count {
                if let node = view.node(index) { checkValue(view, node, page, bounds) }
            }
            return
        }
        for index in 0..<count {
            // The memory of this level is not touched by the levels below.
            guard let node = view.node(index) else { continue }
            var below = bounds
            if index > 0 { below.lower = (level, node.key) }
            if index + 1 < count, let next = view.node(index + 1) {
                below.upper = (level, next.key)
            }
            visit(node.child, level: level + 1, below)
        }
    }

    /// Reads a page of the tree and notes it; nil if it cannot be one.
    private func enter(_ page: UInt64, level: Int, _ bounds: Bounds) -> PageView? {
        guard note(page, bounds) else { return nil }
        guard let view = stack.read(page, level: level) else {
            report(.page, page, bounds, "lies beyond the end of the file")
            return nil
        }
        guard view.number == page else {
            report(.page, page, bounds, "calls itself page \(view.number)")
            return nil
        }
        let expected: PageView.Kind = level + 1 == tree.depth ? .leaf : .branch
        guard view.kind == expected else {
            report(
                .page,
                page,
                bounds,
                "has flags \(view.flags) where \(expected.rawValue) is right"
            )
            return nil
        }
        return view
    }

    /// Notes that a page is in use; false if it cannot be.
    func note(_ page: UInt64, _ bounds: Bounds) -> Bool {
        guard page >= 2, page <= snapshot.lastPage, page < live.limit else {
            report(.page, page, bounds, "is not among the file's pages")
            return false
        }
        guard live.insert(page) else {
            report(.reachedTwice, page, bounds, "is in use twice")
            return false
        }
        pageCount += 1
        if pageCount & 0xfff == 0 { progress(pageCount) }
        return true
    }

    /// Notes the pages of a long value behind the first one.
    func noteRun(_ first: UInt64, _ count: UInt64, _ bounds: Bounds) -> Bool {
        tree.overflowPageCount += count
        for page in first + 1..<first + count where !note(page, bounds) { return false }
        return true
    }

    /// Checks that the nodes fill the upper part of the page, each byte of it once.
    private func checkLayout(_ view: PageView, _ page: UInt64, _ bounds: Bounds) -> Bool {
        let (lower, upper) = (view.lower, view.upper)
        guard lower >= PageView.headerByteCount, lower & 1 == 0, upper & 1 == 0, lower <= upper,
            upper <= view.byteCount
        else {
            report(.page, page, bounds, "has the bounds \(lower) and \(upper)")
            return false
        }
        // In a tree of free pages a branch may have one page below it while it is changed.
        let least = view.kind == .branch && tree.content != .freeList ? 2 : 1
        guard view.nodeCount >= least else {
            report(.page, page, bounds, "has \(view.nodeCount) nodes")
            return false
        }
        for index in nodeSizes.indices { nodeSizes[index] = 0 }
        for index in 0..<view.nodeCount {
            guard let node = view.node(index), node.offset >= upper, node.offset & 1 == 0 else {
                report(.page, page, bounds, "has a node \(index) that lies outside")
                return false
            }
            nodeSizes[node.offset / 2] = UInt16(node.byteCount / 2)
        }
        var place = upper / 2
        var count = 0
        while place < view.byteCount / 2, nodeSizes[place] > 0 {
            place += Int(nodeSizes[place])
            count += 1
        }
        guard place == view.byteCount / 2, count == view.nodeCount else {
            report(.page, page, bounds, "has nodes that overlap, or gaps between them")
            return false
        }
        return true
    }

    /// Checks that keys are possible, grow, and lie between those of the pages above.
    private func checkKeys(
        _ view: PageView,
        _ page: UInt64,
        _ level: Int,
        _ bounds: Bounds
    ) -> Bool {
        // The first key of a branch stands for all that are less, whatever it is.
        let first = view.kind == .branch ? 1 : 0
        var previous: Range<Int>?
        for index in first..<max(first, view.nodeCount) {
            guard let key = view.node(index)?.key else { return false }
            let isPossible =
                tree.kind == .positions ? key.count == 8 : (1...511).contains(key.count)
            guard isPossible else {
                report(.page, page, bounds, "has a key of \(key.count) bytes")
                return false
            }
            if let previous, !isLess(view, previous, view, key) {
                report(.order, page, bounds, "has keys that are not in order")
                return false
            }
            previous = key
        }
        guard first < view.nodeCount, let last = previous, let start = view.node(first)?.key
        else { return true }
        if let lower = bounds.lower, isLess(view, start, stack[lower.level], lower.key) {
            report(.order, page, bounds, "has a key that is less than the page above it says")
            return false
        }
        if let upper = bounds.upper, !isLess(view, last, stack[upper.level], upper.key) {
            report(.order, page, bounds, "has a key that is more than the page above it says")
            return false
        }
        return true
    }

    private func isLess(
        _ left: PageView,
        _ leftKey: Range<Int>,
        _ right: PageView,
        _ rightKey: Range<Int>
    ) -> Bool {
        unsafe KeyOrder.compare(left.bytes(leftKey), right.bytes(rightKey), tree.kind) < 0
    }

    // MARK: - Findings

    func report(_ rule: StructureFinding.Rule, _ what: String) {
        findings.add(StructureFinding(table: tree.name, rule: rule, what: what))
    }

    func report(
        _ rule: StructureFinding.Rule,
        _ page: UInt64,
        _ bounds: Bounds,
        _ what: @autoclosure () -> String
    ) {
        findings.add(
            .init(table: tree.name, rule: rule.rawValue),
            StructureFinding(
                table: tree.name,
                rule: rule,
                page: page,
                firstKey: bounds.lower.map { stack[$0.level].copy($0.key) },
                what: what()
            )
        )
    }
}
