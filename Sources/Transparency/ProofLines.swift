import EventLog

/// The lines of a proof, one after the other, up to the empty line before the checkpoint.
struct ProofLines {
    private static let lineBreak = UInt8(ascii: "\n")
    /// No tree is higher.
    private static let hashCountMax = 64

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next line without its end; nil if there is none that is complete.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: Self.lineBreak) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// What follows `prefix` on the next line; nil if the line does not begin so.
    mutating func next(after prefix: String) -> ArraySlice<UInt8>? {
        guard rest.starts(with: prefix.utf8), let line = next() else { return nil }
        return line.dropFirst(prefix.utf8.count)
    }

    /// The hashes, one a line, up to an empty line.
    mutating func hashes() throws(TransparencyError) -> [Digest] {
        var hashes: [Digest] = []
        while let line = next() {
            if line.isEmpty { return hashes }
            guard hashes.count < Self.hashCountMax, let bytes = Base64.decode(line),
                let hash = Digest(bytes: bytes.span)
            else { throw .malformed("is no proof: line \(hashes.count + 1) of its hashes is none") }
            hashes.append(hash)
        }
        throw .malformed("is no proof: it has no empty line before the checkpoint")
    }
}
