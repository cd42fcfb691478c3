/// A Merkle tree (RFC 9162, 2.1) that leaves are appended to.
///
/// It holds only the roots of its complete subtrees, at most 64 of them. The hashes of all
/// complete subtrees are stored elsewhere, by the numbers that Go's `sumdb/tlog` gives them, and
/// any tree that there ever was can be computed from those.
package struct MerkleTree: Hashable, Sendable {
    /// How many leaves it has.
    package private(set) var size: UInt64 = 0
    /// The roots of its complete subtrees, the largest first: one for each bit of `size`.
    package private(set) var peaks: [Digest] = []

    /// The tree without leaves.
    package init() {}

    /// The tree of `size` leaves with these complete subtrees; nil if their count is wrong.
    package init?(size: UInt64, peaks: [Digest]) {
        guard size.nonzeroBitCount == peaks.count else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// Adds a leaf; hands `store` the number and hash of each subtree that it completes, the leaf
    /// first, in ascending order of number.
    ///
    /// - Complexity: O(1) amortised, O(log size) at most.
    package mutating func append<E: Error>(
        leaf: Digest,
        store: (_ index: UInt64, _ hash: Digest) throws(E) -> Void
    ) throws(E) {
        var index = Self.storedIndex(level: 0, offset: size)
        var hash = leaf
        try store(index, hash)
        // Each trailing 1 of the size is a subtree as large as the one just completed.
        for _ in 0..<(~size).trailingZeroBitCount {
            hash = Digest.node(peaks.removeLast(), hash)
            index += 1
            try store(index, hash)
        }
        peaks.append(hash)
        size += 1
    }

    /// The root of the tree.
    package var root: Digest { Self.fold(peaks) }

    /// The root of a tree whose complete subtrees these are.
    package static func fold(_ peaks: [Digest]) -> Digest {
        guard var root = peaks.last else { return Digest.sha256([]) }
        for peak in peaks.dropLast().reversed() { root = Digest.node(peak, root) }
        return root
    }

    /// The number under which the hash of a complete subtree is stored: the subtree number
    /// `offset`, from the left, of those with 2^`level` leaves.
    ///
    /// Subtrees are numbered in the order in which leaves complete them (`StoredHashIndex` in
    /// golang.org/x/mod/sumdb/tlog).
    package static func storedIndex(level: Int, offset: UInt64) -> UInt64 {
        // The last leaf below the subtree completes it.
        var leaf = offset
        for _ in 0..<level { leaf = 2 * leaf + 1 }
        // Before leaf n there are n leaves, n/2 pairs, n/4 quadruples …
        var index: UInt64 = 0
        while leaf > 0 {
            index += leaf
            leaf >>= 1
        }
        return index + UInt64(level)
    }

    /// How many hashes are stored for `size` leaves.
    package static func storedCount(size: UInt64) -> UInt64 {
        size == 0 ? 0 : 2 * size - UInt64(size.nonzeroBitCount)
    }

    /// The complete subtrees that make up the leaves `leaves`, from left to right.
    ///
    /// Each is as large as its place and the end allow, which for a range from 0 is one for each
    /// bit of its end.
    package static func subtrees(of leaves: Range<UInt64>) -> [Subtree] {
        var result: [Subtree] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let fitting = 63 - (leaves.upperBound - start).leadingZeroBitCount
            let level = start == 0 ? fitting : min(fitting, start.trailingZeroBitCount)
            result.append(Subtree(level: level, offset: start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
        return result
    }

    /// A complete subtree: the one number `offset`, from the left, of those with 2^`level` leaves.
    package struct Subtree: Hashable, Sendable {
        /// The logarithm of how many leaves it has.
        package let level: Int
        /// How many such subtrees are to its left.
        package let offset: UInt64

        /// The subtree number `offset` of those with 2^`level` leaves.
        package init(level: Int, offset: UInt64) {
            self.level = level
            self.offset = offset
        }

        /// The number under which its hash is stored.
        package var storedIndex: UInt64 {
            MerkleTree.storedIndex(level: level, offset: offset)
        }
    }
}
