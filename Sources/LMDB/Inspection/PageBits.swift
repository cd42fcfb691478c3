/// A set of page numbers, one bit each: 8 MiB for the pages of 256 GiB.
struct PageBits {
    private var words: [UInt64]
    /// Numbers that can be in the set are less.
    let limit: UInt64

    init(limit: UInt64) {
        self.limit = limit
        words = [UInt64](repeating: 0, count: Int((limit + 63) / 64))
    }

    /// Puts a number into the set; false if it was there.
    mutating func insert(_ number: UInt64) -> Bool {
        precondition(number < limit, "a page number is checked before it is noted")
        let bit = UInt64(1) << (number & 63)
        let index = Int(number >> 6)
        guard words[index] & bit == 0 else { return false }
        words[index] |= bit
        return true
    }

    func contains(_ number: UInt64) -> Bool {
        number < limit && words[Int(number >> 6)] >> (number & 63) & 1 == 1
    }

    /// Hands `body` each number from `first` on that is in both sets.
    func forEachCommon(with other: PageBits, from first: UInt64, _ body: (UInt64) -> Void) {
        forEach(from: first, { words[$0] & other.words[$0] }, body)
    }

    /// Hands `body` each number from `first` on that is in neither set.
    func forEachMissing(and other: PageBits, from first: UInt64, _ body: (UInt64) -> Void) {
        forEach(from: first, { ~(words[$0] | other.words[$0]) }, body)
    }

    private func forEach(
        from first: UInt64,
        _ word: (Int) -> UInt64,
        _ body: (UInt64) -> Void
    ) {
        for index in words.indices {
            var bits = word(index)
            while bits != 0 {
                let number = UInt64(index) << 6 + UInt64(bits.trailingZeroBitCount)
                bits &= bits - 1
                if number >= first, number < limit { body(number) }
            }
        }
    }
}
