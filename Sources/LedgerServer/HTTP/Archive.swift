import LMDB
import NIOCore
import Requests

/// A folder as one file: an archive in ustar form, kept in a file without a name until it is sent.
///
/// It is complete before anything is sent, so that what goes wrong is told by a status, and no slow
/// reader keeps a read transaction open. It is filled by one thread, then read by one.
final class Archive: FolderSink, Sendable {
    private let file: UnnamedFile
    private let directory: String
    /// When its files were written, as seconds since 1970.
    private let seconds: UInt64

    /// An empty archive on the file system of a directory.
    init(in directory: String, at seconds: UInt64) throws(StagingError) {
        file = try UnnamedFile(in: directory)
        self.directory = directory
        self.seconds = seconds
    }

    /// Its size in bytes.
    var byteCount: UInt64 { file.byteCount }

    func write(_ text: String, to name: String) throws {
        try stream(to: name) { write in try write(text.utf8Span.span) }
    }

    func stream(
        to name: String,
        _ body: (FileWriter) throws -> Void
    ) throws {
        // How large it is, is known behind it.
        let start = file.byteCount
        try appendZeros(TarHeader.blockByteCount)
        try body { bytes in try file.append(bytes) }
        let byteCount = file.byteCount - start - UInt64(TarHeader.blockByteCount)
        guard let header = TarHeader(name: name, byteCount: byteCount, seconds: seconds) else {
            throw CommandFailure(
                .failure,
                "tooLarge",
                "\(name) would have \(byteCount) bytes, more than an archive takes; shorten the "
                    + "period with --from and --to, or write the folder where the ledger is, with "
                    + "--ledger"
            )
        }
        try appendZeros(header.paddingByteCount)
        try file.overwrite(at: start, with: header.block)
    }

    /// Writes what an archive ends with.
    func finish() throws(StagingError) {
        try appendZeros(TarHeader.endByteCount)
    }

    private func appendZeros(_ count: Int) throws(StagingError) {
        let zeros = [UInt8](repeating: 0, count: count)
        try file.append(zeros.span)
    }

    /// A piece of it, from an offset on; empty at its end.
    func piece(at offset: UInt64) throws(StagingError) -> ByteBuffer {
        ByteBuffer(bytes: try file.read(at: offset, count: Self.pieceByteCount))
    }

    private static let pieceByteCount = 1 << 17
}
