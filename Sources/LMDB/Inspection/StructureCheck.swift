/// Checks that the pages of a data file are what LMDB makes: every tree, every page in it, the
/// free list, and that each page is in use or free and not both.
///
/// It reads the file itself and trusts nothing in it, so no rotten page leads it astray: a page is
/// entered once at most. One read for each page in use; two bits of memory for each page.
package struct StructureCheck {
    /// What came of it.
    package struct Report: Sendable {
        package var findings: FindingList<StructureFinding>
        /// Pages in use.
        package let pageCount: UInt64
        /// The records of all tables that could be read, by name.
        package let tables: [String: TableRecord]
    }

    private let snapshot: FileSnapshot
    private let kinds: [String: Table.Kind]

    /// A check of the file; `kinds` says what the keys of tables are that are known.
    package init(_ snapshot: FileSnapshot, kinds: [String: Table.Kind]) {
        self.snapshot = snapshot
        self.kinds = kinds
    }

    /// Checks all pages; `progress` is told now and then how many pages were read.
    package func run(progress: @escaping (_ pageCount: UInt64) -> Void) -> Report {
        let walk = TreeWalk(snapshot, progress)
        addMeta(to: &walk.findings)
        walk.walk(StructureFinding.tables, snapshot.meta.tables, .tables)
        for (name, record) in walk.tables.sorted(by: { $0.key < $1.key }) {
            checkKind(name, record, &walk.findings)
            walk.walk(name, record, .rows)
        }
        walk.walk(StructureFinding.freeList, snapshot.meta.freeList, .freeList)
        checkAccounts(walk)
        return Report(
            findings: walk.findings,
            pageCount: walk.pageCount,
            tables: walk.tables
        )
    }

    /// Checks only what everything begins from: the meta pages and the table of tables.
    package func runQuickly() -> Report {
        let walk = TreeWalk(snapshot) { _ in }
        addMeta(to: &walk.findings)
        walk.walk(StructureFinding.tables, snapshot.meta.tables, .tables)
        for (name, record) in walk.tables { checkKind(name, record, &walk.findings) }
        return Report(
            findings: walk.findings,
            pageCount: walk.pageCount,
            tables: walk.tables
        )
    }

    private func addMeta(to findings: inout FindingList<StructureFinding>) {
        for finding in snapshot.findings {
            findings.add(.init(table: finding.table, rule: finding.rule.rawValue), finding)
        }
        if snapshot.lastPage >= TreeWalk.pageLimit(snapshot) {
            findings.add(
                StructureFinding(
                    table: StructureFinding.file,
                    rule: .metaPage,
                    what: "has \(snapshot.file.pageCount) pages, and its meta page says that "
                        + "\(snapshot.lastPage + 1) were given out"
                )
            )
        }
    }

    private func checkKind(
        _ name: String,
        _ record: TableRecord,
        _ findings: inout FindingList<StructureFinding>
    ) {
        let what: String? =
            if record.kind == nil || record.pad != 0 {
                "has flags \(record.flags) that no table of a ledger has"
            } else if let kind = kinds[name], kind != record.kind {
                "has keys of another kind than it should have"
            } else {
                nil
            }
        guard let what else { return }
        findings.add(StructureFinding(table: name, rule: .record, what: what))
    }

    /// Compares the pages in use with the free ones; together they are all from page 2 on.
    private func checkAccounts(_ walk: TreeWalk) {
        walk.live.forEachCommon(with: walk.free, from: 2) { page in
            walk.findings.add(
                StructureFinding(
                    table: StructureFinding.freeList,
                    rule: .freeList,
                    page: page,
                    what: "lists a page that is in use"
                )
            )
        }
        // Pages below one that could not be entered are not known to be in use.
        if walk.isPartial { return }
        walk.live.forEachMissing(and: walk.free, from: 2) { page in
            guard page <= snapshot.lastPage else { return }
            walk.findings.add(
                StructureFinding(
                    table: StructureFinding.file,
                    rule: .unaccounted,
                    page: page,
                    what: "is neither in use nor free"
                )
            )
        }
    }
}

extension FindingList<StructureFinding> {
    /// Adds a finding under its own kind.
    mutating func add(_ finding: StructureFinding) {
        add(Kind(table: finding.table, rule: finding.rule.rawValue), finding)
    }
}
