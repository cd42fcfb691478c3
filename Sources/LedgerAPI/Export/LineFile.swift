import Glibc

/// Why lines could not be read.
package enum LineFailure: Error, Hashable, Sendable {
    /// The system's error number.
    case unreadable(Int32)
    /// The last line has no line break.
    case cutOff(line: UInt64)
    /// A line is longer than any that an export has.
    case tooLong(line: UInt64)
}

/// A text file that is read line by line, a piece at a time.
package struct LineFile: ~Copyable {
    /// Bytes that are read at once.
    private static let pieceByteCount = 1 << 20
    /// Bytes of a line.
    ///
    /// A payload of 8 MiB is 11 MiB in base 64, and up to six times its size where it is readable.
    private static let lineByteCountMax = 64 << 20

    private let file: CInt
    /// What was read and not handed out: from `start` to the end.
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// The number of the line that was handed out last.
    package private(set) var lineNumber: UInt64 = 0
    /// Bytes that were handed out.
    package private(set) var done: UInt64 = 0
    /// Bytes of the whole file; 0 where it has no size.
    package let byteCount: UInt64

    /// Opens a file.
    package init(_ path: String) throws(LineFailure) {
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard file >= 0, unsafe fstat(file, &status) == 0 else {
            byteCount = 0
            throw .unreadable(errno)
        }
        byteCount = UInt64(max(0, status.st_size))
        if status.st_mode & S_IFMT == S_IFDIR { throw .unreadable(EISDIR) }
    }

    deinit { if file >= 0 { close(file) } }

    /// Hands `body` the next line without its line break; false at the end.
    package mutating func next<E: Error>(
        _ body: (Span<UInt8>) throws(E) -> Void
    ) throws(LineError<E>) -> Bool {
        var searched = start
        while true {
            if let end = lineEnd(from: searched) {
                lineNumber += 1
                done += UInt64(end + 1 - start)
                let line = start..<end
                start = end + 1
                do throws(E) {
                    try body(buffer.span.extracting(line))
                } catch {
                    throw .body(error)
                }
                return true
            }
            if isAtEnd {
                if start == buffer.count { return false }
                throw .file(.cutOff(line: lineNumber + 1))
            }
            searched = buffer.count - start
            buffer.removeSubrange(..<start)
            start = 0
            do throws(LineFailure) { try fill() } catch { throw .file(error) }
        }
    }

    private func lineEnd(from index: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard index < bytes.count, let base = bytes.baseAddress,
                let found = unsafe memchr(base + index, 10, bytes.count - index)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private mutating func fill() throws(LineFailure) {
        guard buffer.count < Self.lineByteCountMax else { throw .tooLong(line: lineNumber + 1) }
        var piece = 0
        buffer.append(addingCapacity: Self.pieceByteCount) { output in
            unsafe output.withUnsafeMutableBufferPointer { bytes, count in
                let free = unsafe bytes.baseAddress.map { unsafe $0 + count }
                repeat {
                    piece = unsafe read(file, free, Self.pieceByteCount)
                } while piece < 0 && errno == EINTR
                count += max(piece, 0)
            }
        }
        if piece < 0 { throw .unreadable(errno) }
        isAtEnd = piece == 0
    }
}

/// Why going through lines ended early.
package enum LineError<Body: Error>: Error {
    /// The file could not be read.
    case file(LineFailure)
    /// The closure threw.
    case body(Body)
}
