/// Goes through the rows of a table forward, by reading the file itself.
///
/// It trusts nothing: pages and rows that cannot be are passed over, and it always comes to an
/// end. It is at a row or nowhere; `key` and `value` are lent until the next movement.
@safe
package struct TableScan: ~Copyable {
    private let snapshot: FileSnapshot
    private let record: TableRecord
    private let kind: Table.Kind
    private let stack: PageStack
    private let long: LongValue
    /// For each level from the root on, the node that was gone to.
    private var path: [Int] = []
    /// The node that it is at, in the page of the last level.
    private var node: PageNode?
    /// Pages that may still be read before it gives up: rotten pages can form a net.
    private var budget: UInt64

    /// A scan of the table with this record, at no row.
    package init(_ snapshot: FileSnapshot, _ record: TableRecord) {
        self.snapshot = snapshot
        self.record = record
        kind = record.kind ?? .bytes
        stack = PageStack(snapshot.file)
        long = LongValue(snapshot.file)
        budget = 0
    }

    /// Whether it is at a row.
    package var isAtRow: Bool { node != nil }

    private var page: PageView { stack[path.count - 1] }

    /// The key of the row that it is at.
    package var key: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            guard let node else { fatalError("a scan that is nowhere has no key") }
            let bytes = unsafe page.bytes(node.key)
            return unsafe _overrideLifetime(
                Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)),
                borrowing: self
            )
        }
    }

    /// The key of the row that it is at, in a table of numbers.
    package var number: UInt64 {
        guard let node else { fatalError("a scan that is nowhere has no key") }
        return page.word(at: node.key.lowerBound)
    }

    /// The value of the row that it is at; nil if its pages cannot be read.
    package var value: Span<UInt8>? {
        @_lifetime(borrow self)
        borrowing get {
            guard let node else { fatalError("a scan that is nowhere has no value") }
            guard let bytes = unsafe valueBytes(node) else { return nil }
            return unsafe _overrideLifetime(
                Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)),
                borrowing: self
            )
        }
    }

    private func valueBytes(_ node: PageNode) -> UnsafeRawBufferPointer? {
        guard node.flags & PageNode.long != 0 else { return unsafe page.bytes(node.data) }
        let first = page.word(at: node.data.lowerBound)
        guard let read = long.read(first, valueByteCount: node.valueByteCount),
            read.number == first, read.kind == .overflow
        else { return nil }
        let start = PageView.headerByteCount
        return unsafe read.bytes(start..<start + node.valueByteCount)
    }

    // MARK: - Moving

    /// Moves to the first row.
    package mutating func first() -> Bool {
        begin()
        if enter(record.root) { return next() }
        return false
    }

    /// Moves to the next row; false if there is none.
    package mutating func next() -> Bool {
        node = nil
        while let last = path.last {
            let index = last + 1
            path[path.count - 1] = index
            let view = page
            guard index < view.nodeCount else {
                path.removeLast()
                continue
            }
            guard let found = view.node(index) else { continue }
            if view.kind == .leaf {
                guard kind == .bytes || found.key.count == 8 else { continue }
                node = found
                return true
            }
            _ = enter(found.child)
        }
        return false
    }

    /// Moves to the first row whose number is at least `number`.
    package mutating func seek(atOrAfter number: UInt64) -> Bool {
        if number == 0 { return first() }
        return unsafe withUnsafeBytes(of: number) { unsafe seek($0) }
    }

    /// Moves to the first row whose key is at least `key`.
    package mutating func seek(atOrAfter key: Span<UInt8>) -> Bool {
        unsafe key.withUnsafeBytes { unsafe seek($0) }
    }

    /// Moves to the row of `number`.
    package mutating func find(_ number: UInt64) -> Bool {
        seek(atOrAfter: number) && self.number == number
    }

    /// Moves to the row of `key`.
    package mutating func find(_ key: Span<UInt8>) -> Bool {
        guard seek(atOrAfter: key), let node else { return false }
        return unsafe key.withUnsafeBytes {
            unsafe KeyOrder.compare(page.bytes(node.key), $0, .bytes) == 0
        }
    }

    /// The greatest number that there is in a table of numbers; nil if there is none.
    package mutating func lastNumber() -> UInt64? {
        begin()
        guard enter(record.root) else { return nil }
        // The last way down that leads to a row: mostly the first one that is tried.
        var isDown = true
        while !path.isEmpty {
            let view = page
            if isDown { path[path.count - 1] = view.nodeCount }
            path[path.count - 1] -= 1
            isDown = false
            let index = path[path.count - 1]
            guard index >= 0 else {
                path.removeLast()
                continue
            }
            guard let found = view.node(index) else { continue }
            if view.kind == .leaf {
                if found.key.count == 8 { return view.word(at: found.key.lowerBound) }
            } else {
                isDown = enter(found.child)
            }
        }
        return nil
    }

    private mutating func seek(_ key: UnsafeRawBufferPointer) -> Bool {
        begin()
        var next = record.root
        while enter(next) {
            let view = page
            let index = unsafe position(of: key, in: view)
            if view.kind == .leaf {
                path[path.count - 1] = index - 1
                break
            }
            path[path.count - 1] = index
            guard let child = view.node(index)?.child else { break }
            next = child
        }
        return self.next()
    }

    /// In a leaf the first node whose key is at least `key`, in a branch the node to go to.
    private func position(of key: UnsafeRawBufferPointer, in view: PageView) -> Int {
        let isLeaf = view.kind == .leaf
        var low = isLeaf ? 0 : 1
        var high = view.nodeCount
        while low < high {
            let middle = (low + high) / 2
            guard let found = view.node(middle)?.key else { return low }
            let order = unsafe KeyOrder.compare(view.bytes(found), key, kind)
            if order < 0 || (order == 0 && !isLeaf) { low = middle + 1 } else { high = middle }
        }
        return isLeaf ? low : low - 1
    }

    private mutating func begin() {
        node = nil
        path.removeAll(keepingCapacity: true)
        budget = snapshot.file.pageCount
    }

    /// Goes down to a page; false if it cannot be one of the tree.
    private mutating func enter(_ page: UInt64) -> Bool {
        guard budget > 0, path.count < min(record.depth, PageStack.levelCountMax), page >= 2,
            let view = stack.read(page, level: path.count)
        else { return false }
        budget -= 1
        let isLeaf = path.count + 1 == record.depth
        guard view.number == page, view.kind == (isLeaf ? .leaf : .branch) else { return false }
        path.append(-1)
        return true
    }
}
