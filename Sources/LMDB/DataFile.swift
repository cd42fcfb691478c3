import Glibc

/// The data file of an environment, read without mapping it.
///
/// LMDB trusts its file: a meta page with a page size of 0 ends the process by SIGFPE, and a page
/// beyond the end of the file by SIGBUS. So whatever it would trust is checked here first.
struct DataFile {
    private let directory: String

    init(directory: String) {
        self.directory = directory
    }

    private var path: String { directory + "/data.mdb" }

    /// Checks the file; true if it is not there and may be made.
    ///
    /// A page that another process is just writing can look rotten, so it is read twice before
    /// it is called so.
    func isMissingOrNew(_ options: EnvironmentOptions) throws(LMDBError) -> Bool {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            let code = errno
            if code == ENOENT, options.creates { return true }
            throw LMDBError(code, "open", path: directory)
        }
        defer { close(file) }
        if try byteCount(file) == 0, options.creates { return true }
        do throws(LMDBError) {
            try validate(file)
        } catch {
            try validate(file)
        }
        return false
    }

    /// Brings a new file and its directory entry to disk: LMDB writes the first meta pages
    /// without a flush.
    func makeDurable() throws(LMDBError) {
        for path in [path, directory] {
            let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw LMDBError(errno, "flush (fsync)", path: directory) }
            let code = fsync(file) == 0 ? 0 : errno
            close(file)
            try check(code, "flush (fsync)", path: directory)
        }
    }

    private func byteCount(_ file: CInt) throws(LMDBError) -> UInt64 {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw LMDBError(errno, "open", path: directory)
        }
        return UInt64(status.st_size)
    }

    private func validate(_ file: CInt) throws(LMDBError) {
        let meta = try newerMeta(file)
        try validateLength(file, meta)
    }

    /// Checks both meta pages and returns the one that LMDB will use.
    private func newerMeta(_ file: CInt) throws(LMDBError) -> MetaPage {
        let first = try meta(file, at: 0)
        let second = try meta(file, at: UInt64(first.pageByteCount))
        guard second.pageByteCount == first.pageByteCount else {
            throw rotten("its two meta pages differ in page size")
        }
        return second.transaction > first.transaction ? second : first
    }

    private func meta(_ file: CInt, at offset: UInt64) throws(LMDBError) -> MetaPage {
        let bytes = try read(file, MetaPage.byteCount, at: offset)
        guard bytes.count == MetaPage.byteCount else {
            throw truncated(try byteCount(file), offset + UInt64(MetaPage.byteCount))
        }
        let meta = MetaPage(bytes)
        if let rule = meta.violatedRule { throw rotten(rule) }
        return meta
    }

    /// Checks that every page that the meta page leads to directly is in the file, and that
    /// pages missing at the end are ones that nothing uses.
    ///
    /// A file may be shorter than its last page number says: pages at the end that were
    /// allocated and freed by one transaction are never written. They are on the free list.
    private func validateLength(_ file: CInt, _ meta: MetaPage) throws(LMDBError) {
        let pageByteCount = UInt64(meta.pageByteCount)
        let has = try byteCount(file)
        let pageCount = has / pageByteCount
        var needed: UInt64 = 2
        for root in [meta.freeRoot, meta.mainRoot] where root != MetaPage.noPage {
            needed = max(needed, root + 1)
        }
        guard pageCount >= needed else { throw truncated(has, needed * pageByteCount) }
        guard pageCount <= meta.lastPage else { return }
        var pages = PageReader(file: file, pageByteCount: meta.pageByteCount, pageCount: pageCount)
        let free = pages.freePages(root: meta.freeRoot)
        let isUnused = (pageCount...meta.lastPage).allSatisfy { free.contains($0) }
        guard isUnused else { throw truncated(has, (meta.lastPage + 1) * pageByteCount) }
    }

    private func read(
        _ file: CInt,
        _ count: Int,
        at offset: UInt64
    ) throws(LMDBError) -> [UInt8] {
        guard let bytes = Pages.read(file, count, at: offset) else {
            throw LMDBError(errno, "read", path: directory)
        }
        return bytes
    }

    private func rotten(_ rule: String) -> LMDBError {
        LMDBError(.notADatabase(rule), "open", path: directory)
    }

    private func truncated(_ has: UInt64, _ needs: UInt64) -> LMDBError {
        LMDBError(.truncated(byteCount: has, neededByteCount: needs), "open", path: directory)
    }
}

/// Numbers and pages out of a file.
enum Pages {
    /// `count` bytes at `offset`, or fewer at the end of the file; nil sets `errno`.
    static func read(_ file: CInt, _ count: Int, at offset: UInt64) -> [UInt8]? {
        var got = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe got = pread(file, buffer.baseAddress, count, off_t(offset))
            initialized = max(got, 0)
        }
        return got < 0 ? nil : bytes
    }

    /// The number in `count` bytes at `offset`, least significant first.
    static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in (offset..<offset + count).reversed() {
            value = value << 8 | UInt64(bytes[index])
        }
        return value
    }
}

/// Walks the free list of a data file by reads, so that nothing beyond the file is touched.
struct PageReader {
    let file: CInt
    let pageByteCount: Int
    let pageCount: UInt64
    /// Pages still to be read before the walk is given up: a loop in rotten pages must end.
    private var budget: Int

    init(file: CInt, pageByteCount: Int, pageCount: UInt64) {
        self.file = file
        self.pageByteCount = pageByteCount
        self.pageCount = pageCount
        budget = Int(min(pageCount, 1 << 20))
    }

    /// The pages that the free list holds; what cannot be read counts as not free.
    mutating func freePages(root: UInt64) -> Set<UInt64> {
        var free: Set<UInt64> = []
        if root != MetaPage.noPage { collect(root, into: &free) }
        return free
    }

    /// One page: header of 16 bytes, then offsets of nodes.
    ///
    /// A node: 4 bytes of size or page number, 2 of flags or page number, 2 of key size, key, data
    /// (`MDB_node` in mdb.c).
    private mutating func collect(_ page: UInt64, into free: inout Set<UInt64>) {
        guard budget > 0, page < pageCount, let bytes = read(page, pages: 1) else { return }
        budget -= 1
        let flags = Pages.number(bytes, 10, 2)
        let lower = min(Int(Pages.number(bytes, 12, 2)), pageByteCount)
        for slot in stride(from: 16, to: lower - 1, by: 2) {
            let node = Int(Pages.number(bytes, slot, 2))
            guard node >= lower, node + 8 <= bytes.count else { return }
            if flags & 0x01 != 0 {
                let child = Pages.number(bytes, node, 4) | Pages.number(bytes, node + 4, 2) << 32
                collect(child, into: &free)
            } else if flags & 0x02 != 0 {
                collectLeaf(bytes, node, into: &free)
            }
        }
    }

    private mutating func collectLeaf(
        _ bytes: [UInt8],
        _ node: Int,
        into free: inout Set<UInt64>
    ) {
        let count = Int(Pages.number(bytes, node, 4))
        let data = node + 8 + Int(Pages.number(bytes, node + 6, 2))
        let isOverflow = Pages.number(bytes, node + 4, 2) & 0x01 != 0
        if isOverflow {
            guard data + 8 <= bytes.count else { return }
            let first = Pages.number(bytes, data, 8)
            let pages = (count + 16 + pageByteCount - 1) / pageByteCount
            guard first < pageCount, pageCount - first >= UInt64(pages),
                let overflow = read(first, pages: pages)
            else { return }
            collectList(overflow, 16, count, into: &free)
        } else {
            guard data + count <= bytes.count else { return }
            collectList(bytes, data, count, into: &free)
        }
    }

    /// A free list record: how many, then the page numbers.
    private func collectList(
        _ bytes: [UInt8],
        _ offset: Int,
        _ byteCount: Int,
        into free: inout Set<UInt64>
    ) {
        guard byteCount >= 8 else { return }
        let count = Int(min(Pages.number(bytes, offset, 8), UInt64(byteCount / 8 - 1)))
        for index in 0..<count { free.insert(Pages.number(bytes, offset + 8 + 8 * index, 8)) }
    }

    private func read(_ page: UInt64, pages: Int) -> [UInt8]? {
        let bytes = Pages.read(file, pages * pageByteCount, at: page * UInt64(pageByteCount))
        return bytes?.count == pages * pageByteCount ? bytes : nil
    }
}
