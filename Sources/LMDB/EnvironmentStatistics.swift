import CLMDB
import Glibc

/// How an environment is doing.
package struct EnvironmentStatistics: Hashable, Sendable {
    /// A table's size.
    package struct TableSize: Hashable, Sendable {
        /// Its rows.
        package let rowCount: UInt64
        /// Bytes of the pages that it occupies.
        package let byteCount: UInt64
    }

    /// The address space that the data file may grow to.
    package let mapSizeBytes: UInt64
    /// The length of the data file that pages have been given out of.
    package let usedBytes: UInt64
    /// Bytes of pages within `usedBytes` that are free to be used again.
    package let freeBytes: UInt64
    /// The size of a page.
    package let pageSizeBytes: UInt64
    /// The number of the last committed write transaction.
    package let lastTransaction: UInt64
    /// Reader slots that there are.
    package let readerCountMax: UInt64
    /// Reader slots that are taken by a transaction now.
    package let readerCount: UInt64
    /// How many write transactions the oldest reader is behind; pages freed since then stay.
    package let oldestReaderLag: UInt64
    /// The tables that were opened, by name.
    package let tables: [String: TableSize]
}

extension Environment {
    /// Measures the environment.
    ///
    /// - Complexity: O(free pages)
    package func statistics() throws(LMDBError) -> EnvironmentStatistics {
        do throws(TransactionFailure<LMDBError>) {
            return try read { (transaction) throws(LMDBError) in
                try statistics(transaction)
            }
        } catch {
            throw error.error
        }
    }

    private func statistics(
        _ transaction: borrowing ReadTransaction
    ) throws(LMDBError) -> EnvironmentStatistics {
        var information = unsafe MDB_envinfo()
        try unsafe check(
            mdb_env_info(handle, &information),
            "measure (mdb_env_info)",
            path: path
        )
        let reader = transaction.reader()
        let pageSize = try pages(reader, 0).pageSize
        let sizes = try withOpenedTables { (tables) throws(LMDBError) in
            var sizes: [String: EnvironmentStatistics.TableSize] = [:]
            for (name, table) in tables { sizes[name] = try pages(reader, table.index).size }
            return sizes
        }
        let oldest = oldestReader()
        let last = unsafe UInt64(information.me_last_txnid)
        return unsafe EnvironmentStatistics(
            mapSizeBytes: UInt64(information.me_mapsize),
            usedBytes: (UInt64(information.me_last_pgno) + 1) * pageSize,
            freeBytes: try freePageCount(reader) * pageSize,
            pageSizeBytes: pageSize,
            lastTransaction: last,
            readerCountMax: UInt64(information.me_maxreaders),
            readerCount: oldest.count,
            oldestReaderLag: oldest.transaction.map { last - min($0, last) } ?? 0,
            tables: sizes
        )
    }

    private func pages(
        _ reader: TableReader,
        _ table: UInt32
    ) throws(LMDBError) -> (pageSize: UInt64, size: EnvironmentStatistics.TableSize) {
        var found = MDB_stat()
        try unsafe check(
            mdb_stat(reader.live, table, &found),
            "measure a table (mdb_stat) of",
            path: path
        )
        let pageSize = UInt64(found.ms_psize)
        let pageCount =
            UInt64(found.ms_branch_pages) + UInt64(found.ms_leaf_pages)
            + UInt64(found.ms_overflow_pages)
        return (
            pageSize,
            .init(rowCount: UInt64(found.ms_entries), byteCount: pageCount * pageSize)
        )
    }

    /// The free list is table 0; each row starts with how many pages it lists.
    private func freePageCount(_ reader: TableReader) throws(LMDBError) -> UInt64 {
        var count: UInt64 = 0
        let freeList = Table(index: 0, kind: .positions)
        try reader.forEach(in: 0...UInt64.max, of: freeList) { _, value in
            count += unsafe value.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) }
            return true
        }
        return count
    }

    /// The number of the last committed write transaction.
    package var lastTransaction: UInt64 {
        var information = unsafe MDB_envinfo()
        _ = unsafe mdb_env_info(handle, &information)
        return unsafe UInt64(information.me_last_txnid)
    }

    /// Whether a transaction of this process still reads what was so before write transaction
    /// `number` was committed.
    package func hasOwnReader(before number: UInt64) -> Bool {
        readers().contains { $0.process == getpid() && $0.transaction < number }
    }

    /// How many transactions read, and the oldest one's number.
    private func oldestReader() -> (count: UInt64, transaction: UInt64?) {
        let numbers = readers().map(\.transaction)
        return (UInt64(numbers.count), numbers.min())
    }

    /// Who reads: the process, and the write transaction that it sees as the last.
    ///
    /// LMDB lists its slots as text: process, thread, transaction number or a dash
    /// (`mdb_reader_list`).
    private func readers() -> [(process: Int32, transaction: UInt64)] {
        var slots: [(process: Int32, transaction: UInt64)] = []
        _ = unsafe withUnsafeMutablePointer(to: &slots) { slots in
            unsafe mdb_reader_list(
                handle,
                { text, context in
                    guard let text = unsafe text,
                        let slots = unsafe context?
                            .assumingMemoryBound(to: [(process: Int32, transaction: UInt64)].self)
                    else { return 0 }
                    let words = unsafe String(cString: text).split(whereSeparator: \.isWhitespace)
                    if words.count == 3, let process = Int32(words[0]),
                        let number = UInt64(words[2])
                    {
                        unsafe slots.pointee.append((process, number))
                    }
                    return 0
                },
                slots
            )
        }
        return slots
    }
}
