/// What stands before each file in an archive: a block of POSIX.1-1988's ustar format.
///
/// Archives here have files only, all in one folder, so `tar -x` and `tarfile` of Python read them.
package struct TarHeader: Equatable, Sendable {
    /// The file's name, without directories: 1 to 100 letters, digits, dots, `-` and `_`.
    package let name: String
    /// At most 8 GiB less one: eleven octal digits.
    package let byteCount: UInt64
    /// When it was written, in seconds since 1970.
    package let seconds: UInt64

    /// Bytes of a block; files fill whole ones.
    package static let blockByteCount = 512
    /// Zeros that an archive ends with: two blocks of them.
    package static let endByteCount = 2 * blockByteCount

    private static let numberMax: UInt64 = (1 << 33) - 1

    /// A file's head; nil if the format has no room for it.
    package init?(name: String, byteCount: UInt64, seconds: UInt64) {
        guard Self.isPlain(name), byteCount <= Self.numberMax, seconds <= Self.numberMax else {
            return nil
        }
        self.name = name
        self.byteCount = byteCount
        self.seconds = seconds
    }

    /// Zeros behind a file of this size.
    package var paddingByteCount: Int {
        let rest = Int(byteCount % UInt64(Self.blockByteCount))
        return rest == 0 ? 0 : Self.blockByteCount - rest
    }

    /// The head of a block; nil if it is none, or of something else than a file with a plain name.
    package init?(block: [UInt8]) {
        guard block.count == Self.blockByteCount, Self.sum(of: block) == Self.number(block[148...])
        else { return nil }
        // A regular file, of this format.
        guard block[156] == UInt8(ascii: "0"), block[257..<263].elementsEqual("ustar\0".utf8),
            block[345] == 0, let byteCount = Self.number(block[124..<136]),
            let seconds = Self.number(block[136..<148])
        else { return nil }
        let name = String(decoding: block[..<100].prefix { $0 != 0 }, as: UTF8.self)
        self.init(name: name, byteCount: byteCount, seconds: seconds)
    }

    /// The block.
    package var block: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockByteCount)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
        put(Self.octal(byteCount, 11) + "\0" + Self.octal(seconds, 11) + "\0", at: 124)
        put("0", at: 156)
        put("ustar\0" + "00", at: 257)
        put(Self.octal(UInt64(Self.sum(of: block)), 6) + "\0 ", at: 148)
        return block
    }

    private static func isPlain(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: ".")
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || ["-", "_", "."].contains(scalar))
            }
    }

    /// The sum of a block's bytes, those of the sum itself taken as spaces.
    private static func sum(of block: [UInt8]) -> UInt64 {
        block.indices.reduce(0) { sum, index in
            sum + UInt64((148..<156).contains(index) ? UInt8(ascii: " ") : block[index])
        }
    }

    private static func octal(_ number: UInt64, _ digitCount: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: digitCount - digits.count) + digits
    }

    /// The octal number that bytes begin with; nil if they begin with none.
    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64? {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        return UInt64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
