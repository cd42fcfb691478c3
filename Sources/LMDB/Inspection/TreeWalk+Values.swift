extension TreeWalk {
    /// Checks a value, and the pages that it has if it is long.
    func checkValue(_ view: PageView, _ node: PageNode, _ page: UInt64, _ bounds: Bounds) {
        let allowed = tree.content == .tables ? PageNode.table : PageNode.long
        guard node.flags & ~allowed == 0 else {
            return report(.page, page, bounds, "has a row with flags \(node.flags)")
        }
        switch tree.content {
        case .tables: checkRecord(view, node, page, bounds)
        case .rows, .freeList:
            if node.flags & PageNode.long != 0 {
                checkLong(view, node, bounds)
            } else if tree.content == .freeList {
                checkList(view, node.key, in: view, node.data)
            }
        }
    }

    /// Checks the pages of a long value: the first one says how many they are.
    private func checkLong(_ view: PageView, _ node: PageNode, _ bounds: Bounds) {
        let first = view.word(at: node.data.lowerBound)
        guard note(first, bounds) else {
            tree.isPartial = true
            return
        }
        let size = snapshot.file.pageByteCount
        let needed = UInt64(LongValue.pageCount(node.valueByteCount, pageByteCount: size))
        let isList = tree.content == .freeList
        // Only lists of pages are looked into; of other values the header is enough.
        let read = long.read(first, valueByteCount: isList ? node.valueByteCount : 1)
        guard let read, snapshot.lastPage - first >= needed - 1,
            snapshot.file.pageCount - first >= needed
        else {
            tree.isPartial = true
            return report(.page, first, bounds, "has a value that goes beyond the end of the file")
        }
        // A value that was put twice in one transaction keeps the pages of the longer one.
        guard read.number == first, read.kind == .overflow, read.runPageCount >= needed,
            snapshot.lastPage - first >= read.runPageCount - 1
        else {
            tree.isPartial = true
            return report(.page, first, bounds, "does not begin a value of \(needed) pages")
        }
        if !noteRun(first, read.runPageCount, bounds) { tree.isPartial = true }
        if isList {
            let start = PageView.headerByteCount
            checkList(view, node.key, in: read, start..<start + node.valueByteCount)
        }
    }

    /// Reads the record of a table.
    private func checkRecord(
        _ view: PageView,
        _ node: PageNode,
        _ page: UInt64,
        _ bounds: Bounds
    ) {
        guard node.flags == PageNode.table, node.data.count == TableRecord.byteCount else {
            return report(.page, page, bounds, "has a row that is the record of no table")
        }
        let name = view.copy(node.key)
        guard let text = String(validating: name, as: UTF8.self) else {
            return report(.page, page, bounds, "has a table whose name is no text")
        }
        tables[text] = TableRecord(view, at: node.data.lowerBound)
    }

    /// Checks a row of the free list: how many pages, then their numbers, the greatest first.
    private func checkList(
        _ keyPage: PageView,
        _ key: Range<Int>,
        in view: PageView,
        _ data: Range<Int>
    ) {
        let transaction = keyPage.word(at: key.lowerBound)
        func report(_ what: String) {
            self.report(.freeList, "says of transaction \(transaction) \(what)")
        }
        if transaction == 0 || transaction > snapshot.transaction {
            report("that it freed pages, and the last one is \(snapshot.transaction)")
        }
        guard data.count >= 8 else { return report("nothing that can be read") }
        let count = view.word(at: data.lowerBound)
        guard count <= UInt64(data.count / 8 - 1) else {
            return report("that it freed \(count) pages, which the row has no room for")
        }
        var previous = UInt64.max
        for index in 0..<Int(count) {
            let page = view.word(at: data.lowerBound + 8 + 8 * index)
            guard page >= 2, page <= snapshot.lastPage, page < free.limit else {
                report("that it freed page \(page), which is not among the file's pages")
                continue
            }
            if page >= previous { report("that it freed pages that are not in order") }
            previous = page
            if !free.insert(page) { report("that it freed page \(page), which is free already") }
        }
    }
}
