import CLMDB
import Glibc
import Synchronization

/// Why an environment could not be copied.
package enum CopyFailure: Error, Hashable, Sendable {
    /// The environment cannot be read.
    case source(LMDBError)
    /// The copy cannot be written.
    case target(StagingError)
}

extension Environment {
    /// Writes a copy of the environment as it is now into a new file.
    ///
    /// It has the pages that are in use only, one after the other (`MDB_CP_COMPACT`), and is on
    /// disk when this returns.
    ///
    /// While it goes on, one transaction reads: pages that writers free meanwhile cannot be used
    /// again, so the data file grows by what they write. `byteRate` bytes a second at most go to
    /// the disk, steadily, so that the writers' flushes do not wait behind a heap of them. A file
    /// that could not be finished is left to the caller. `progress` is told bytes.
    package func copy(
        to path: String,
        byteRate: Int?,
        progress: (_ done: UInt64) -> Void = { _ in }
    ) throws(CopyFailure) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .target(StagingError(errno: errno, path: path)) }
        defer { close(file) }
        var ends: [CInt] = [-1, -1]
        guard unsafe clmdb_pipe(&ends) == 0 else {
            throw .target(StagingError(errno: errno, path: path))
        }
        let source = CopySource(self, writing: ends[1])
        var target = CopyTarget(file: file, reading: ends[0], byteRate: byteRate)
        let written = target.run(progress)
        // Where writing failed, LMDB finds nobody who reads, and ends.
        close(ends[0])
        let read = source.finish()
        if written != 0 { throw .target(StagingError(errno: written, path: path)) }
        if read != 0 {
            throw .source(LMDBError(read, "copy (mdb_env_copyfd2)", path: self.path))
        }
        guard fsync(file) == 0 else { throw .target(StagingError(errno: errno, path: path)) }
    }
}

/// LMDB's part of a copy: it writes pages into a pipe, on a thread of its own.
private final class CopySource: Sendable {
    private let thread: BlockingThread
    private let result: Result

    /// What the thread shares with whoever waits for it.
    private final class Result: Sendable {
        let code = Mutex<CInt>(0)
    }

    init(_ environment: Environment, writing: CInt) {
        let result = Result()
        self.result = result
        thread = BlockingThread(name: "waybill-copy") {
            clmdb_block_pipe_signal()
            let code = environment.copyPages(to: writing)
            result.code.withLock { $0 = code }
            close(writing)
        }
    }

    /// Waits for its end; LMDB's code.
    func finish() -> CInt {
        thread.join()
        return result.code.withLock { $0 }
    }
}

extension Environment {
    fileprivate func copyPages(to file: CInt) -> CInt {
        unsafe mdb_env_copyfd2(handle, file, UInt32(MDB_CP_COMPACT))
    }
}

/// The other end of the pipe: it brings pages to disk, not faster than it may.
private struct CopyTarget {
    /// Bytes that are written at once, and between two measurements of the rate.
    private static let pieceByteCount = 1 << 20
    /// Bytes that are brought to disk at once.
    private static let flushByteCount = 4 << 20

    let file: CInt
    let reading: CInt
    let byteRate: Int?
    private var done = 0
    private var flushed = 0
    private let began = ContinuousClock.now

    init(file: CInt, reading: CInt, byteRate: Int?) {
        self.file = file
        self.reading = reading
        self.byteRate = byteRate
    }

    /// Copies until LMDB has written everything; an error number, or 0.
    mutating func run(_ progress: (UInt64) -> Void) -> CInt {
        var buffer = [UInt8](repeating: 0, count: Self.pieceByteCount)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(reading, $0.baseAddress, $0.count)
            }
            if count == 0 { return 0 }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            let code = unsafe buffer.withUnsafeBytes { bytes in
                unsafe FilePlace.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), to: file)
            }
            if code != 0 { return code }
            done += count
            let flushCode = flush()
            if flushCode != 0 { return flushCode }
            progress(UInt64(done))
            keepRate()
        }
    }

    /// Begins to bring what is whole to disk, and waits for what was begun before.
    private mutating func flush() -> CInt {
        while done - flushed >= Self.flushByteCount {
            let code = clmdb_write_back(file, off_t(flushed), off_t(Self.flushByteCount))
            // Not every file system can; `fsync` at the end is what counts.
            if code != 0, errno != EINVAL, errno != ENOSYS, errno != ESPIPE { return errno }
            // What is on disk need not take the memory of what writers and readers use.
            _ = posix_fadvise(file, off_t(flushed), off_t(Self.flushByteCount), POSIX_FADV_DONTNEED)
            flushed += Self.flushByteCount
        }
        return 0
    }

    private func keepRate() {
        guard let byteRate else { return }
        let due = Duration.seconds(Double(done) / Double(byteRate))
        let early = due - (ContinuousClock.now - began)
        if early > .zero { usleep(UInt32(min(early / .microseconds(1), 1_000_000))) }
    }
}
