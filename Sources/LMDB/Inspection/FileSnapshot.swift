import Glibc

/// The data file as one transaction left it, read without LMDB.
///
/// Whoever uses it holds a read transaction of the same number, so that no writer uses the pages
/// again; without one it may only be used while nobody writes. It may be shared between threads.
package final class FileSnapshot: Sendable {
    let file: PageFile
    let meta: MetaPage
    /// What is strange about the two meta pages.
    package let findings: [StructureFinding]
    private let directory: String

    /// Opens the file and finds the meta page of `transaction`, or the newest one that is sound.
    ///
    /// Returns nil if writers have been so quick that the meta page is another transaction's
    /// already: then a new read transaction is to be begun.
    ///
    /// - Throws: `.missing`, `.permission`; `.truncated`, `.notADatabase` if neither meta page can
    ///   be used.
    package static func open(
        directory: String,
        transaction: UInt64?
    ) throws(LMDBError) -> FileSnapshot? {
        let path = directory + "/data.mdb"
        let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LMDBError(errno, "open", path: directory) }
        do throws(LMDBError) {
            // A page that another process is just writing can look rotten: it is read again.
            for _ in 0..<metaReadCountMax - 1 {
                let metas = try MetaPages(file, directory: directory)
                if metas.isSound {
                    return FileSnapshot(file, metas, transaction, directory)
                }
                usleep(1000)
            }
            let metas = try MetaPages(file, directory: directory)
            if let error = metas.failure(directory: directory) { throw error }
            return FileSnapshot(file, metas, transaction, directory)
        } catch {
            close(file)
            throw error
        }
    }

    private static let metaReadCountMax = 4

    private init?(
        _ file: CInt,
        _ metas: MetaPages,
        _ transaction: UInt64?,
        _ directory: String
    ) {
        guard let meta = metas.meta(of: transaction) else {
            close(file)
            return nil
        }
        self.meta = meta
        findings = metas.findings
        self.directory = directory
        self.file = PageFile(
            file,
            pageByteCount: meta.pageByteCount,
            byteCount: metas.fileByteCount
        )
    }

    /// The number of the transaction.
    package var transaction: UInt64 { meta.transaction }

    /// The last page that was ever given out.
    package var lastPage: UInt64 { meta.lastPage }

    /// More rows than this cannot be in the file, whatever it says of itself.
    package var rowCountMax: UInt64 {
        // A node has a header of 8 bytes and an offset of 2.
        file.pageCount.multipliedReportingOverflow(by: UInt64(file.pageByteCount / 10)).partialValue
    }
}

/// Both meta pages, as they were read at one moment.
private struct MetaPages {
    let fileByteCount: UInt64
    private let first: MetaPage?
    private let second: MetaPage?
    private let rules: [(place: UInt64, what: String)]
    private let isShort: Bool

    init(_ file: CInt, directory: String) throws(LMDBError) {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw LMDBError(errno, "open", path: directory)
        }
        fileByteCount = UInt64(status.st_size)
        var rules: [(place: UInt64, what: String)] = []
        let first = try Self.meta(file, at: 0, 0, &rules, directory)
        // Where the first one is rotten, the page size is the usual one.
        let offset = first?.pageByteCount ?? Int(sysconf(Int32(_SC_PAGESIZE)))
        let second = try Self.meta(file, at: offset, 1, &rules, directory)
        self.first = first
        self.second = second
        isShort = rules.contains { $0.what == Self.missing }
        if let first, let second {
            if first.pageByteCount != second.pageByteCount {
                rules.append((1, "has another page size than meta page 0"))
            }
            let distance =
                max(first.transaction, second.transaction)
                - min(first.transaction, second.transaction)
            if distance > 1 || (distance == 0 && first.transaction > 0) {
                rules.append(
                    (
                        first.transaction < second.transaction ? 0 : 1,
                        "has transaction \(min(first.transaction, second.transaction)), which is "
                            + "not the one before \(max(first.transaction, second.transaction))"
                    )
                )
            }
        }
        self.rules = rules
    }

    private static let missing = "is not in the file"

    private static func meta(
        _ file: CInt,
        at offset: Int,
        _ place: UInt64,
        _ rules: inout [(place: UInt64, what: String)],
        _ directory: String
    ) throws(LMDBError) -> MetaPage? {
        guard let bytes = Pages.read(file, MetaPage.byteCount, at: UInt64(offset)) else {
            throw LMDBError(errno, "read", path: directory)
        }
        guard bytes.count == MetaPage.byteCount else {
            rules.append((place, missing))
            return nil
        }
        let meta = MetaPage(bytes)
        if let rule = meta.violatedRule {
            rules.append((place, rule))
            return nil
        }
        rules += meta.strangeness(at: place).map { (place, $0) }
        return meta
    }

    /// Whether nothing is strange.
    var isSound: Bool { rules.isEmpty }

    /// Why neither page can be used; nil if one can.
    func failure(directory: String) -> LMDBError? {
        guard first == nil, second == nil else { return nil }
        let rule = rules.first { $0.what != Self.missing }
        guard let rule, !isShort else {
            let needed = UInt64(2 * sysconf(Int32(_SC_PAGESIZE)))
            return LMDBError(
                .truncated(byteCount: fileByteCount, neededByteCount: needed),
                "open",
                path: directory
            )
        }
        return LMDBError(.notADatabase(rule.what), "open", path: directory)
    }

    /// The meta page of a transaction, or the newest one.
    func meta(of transaction: UInt64?) -> MetaPage? {
        let metas = [first, second].compactMap { $0 }
        guard let transaction else {
            return metas.max { $0.transaction < $1.transaction }
        }
        return metas.first { $0.transaction == transaction }
    }

    var findings: [StructureFinding] {
        rules.map { place, what in
            StructureFinding(
                table: StructureFinding.file,
                rule: .metaPage,
                page: place,
                what: what
            )
        }
    }
}
