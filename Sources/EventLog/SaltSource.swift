import LMDB

/// Random bytes that make the hash of a payload worthless to who guesses payloads.
///
/// Drawn from the kernel in bulk: one call for 256 events.
struct SaltSource: Sendable {
    private static let bufferByteCount = 256 * StoredBody.saltByteCount

    private var buffer: [UInt8] = []
    private var used = 0

    /// The next salt.
    mutating func next() -> InlineArray<16, UInt8> {
        if used == buffer.count {
            buffer = RandomBytes.draw(Self.bufferByteCount)
            used = 0
        }
        let start = used
        used += StoredBody.saltByteCount
        return InlineArray { buffer[start + $0] }
    }
}
