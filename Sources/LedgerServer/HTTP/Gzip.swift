import CZlib
import NIOCore

/// Bytes in fewer bytes (RFC 1952).
enum Gzip {
    /// Below this, the head of an answer outweighs what is saved.
    static let byteCountMin = 1024

    /// The same, compressed; nil where zlib has no memory for it.
    ///
    /// About 20 ms for a megabyte of HTML: call it where nobody waits for the thread.
    static func compressed(_ bytes: [UInt8]) -> ByteBuffer? {
        var stream = unsafe z_stream()
        guard unsafe czlib_begin_gzip(&stream, 6) == Z_OK else { return nil }
        defer { unsafe deflateEnd(&stream) }
        var buffer = ByteBuffer()
        let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        let code = unsafe input.withUnsafeMutableBytes { input in
            unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { output in
                unsafe stream.next_in = input.bindMemory(to: UInt8.self).baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
                unsafe stream.avail_out = UInt32(bound)
                guard unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END else { return 0 }
                return unsafe Int(stream.total_out)
            }
        }
        return code > 0 ? buffer : nil
    }
}
