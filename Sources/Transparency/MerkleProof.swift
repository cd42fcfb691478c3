package import EventLog

/// Proofs about the log's Merkle tree, made from its stored hashes (RFC 9162, 2.1.3 and 2.1.4).
package enum MerkleProof {
    /// The hashes that lead from a leaf to the root of the tree of `size` leaves, the leaf's
    /// sibling first.
    ///
    /// `index` counts from 0: the event at position p is leaf p − 1.
    ///
    /// - Complexity: O(log size) hashes of O(log size) reads each at most.
    package static func inclusion(
        of index: UInt64,
        in size: UInt64,
        _ hashes: StoredHashes
    ) throws(EventLogError) -> [Digest] {
        precondition(index < size, "leaf \(index) is not in a tree of \(size)")
        return try path(index, 0..<size, hashes)
    }

    /// The hashes that prove that the tree of `size` leaves extends the one of `oldSize`.
    package static func consistency(
        from oldSize: UInt64,
        to size: UInt64,
        _ hashes: StoredHashes
    ) throws(EventLogError) -> [Digest] {
        precondition(oldSize <= size, "a tree of \(size) does not extend one of \(oldSize)")
        if oldSize == 0 || oldSize == size { return [] }
        return try subproof(oldSize, 0..<size, true, hashes)
    }

    /// PATH(m, D[n]) of RFC 9162, 2.1.3.1, with leaves by their place in the whole tree.
    private static func path(
        _ index: UInt64,
        _ leaves: Range<UInt64>,
        _ hashes: StoredHashes
    ) throws(EventLogError) -> [Digest] {
        if leaves.count == 1 { return [] }
        let (left, right) = halves(leaves)
        if index < right.lowerBound {
            return try path(index, left, hashes) + [hashes.root(of: right)]
        }
        return try path(index, right, hashes) + [hashes.root(of: left)]
    }

    /// SUBPROOF(m, D[n], b) of RFC 9162, 2.1.4.1; `oldEnd` is m by its place in the whole tree.
    private static func subproof(
        _ oldEnd: UInt64,
        _ leaves: Range<UInt64>,
        _ isWhole: Bool,
        _ hashes: StoredHashes
    ) throws(EventLogError) -> [Digest] {
        if oldEnd == leaves.upperBound { return isWhole ? [] : [try hashes.root(of: leaves)] }
        let (left, right) = halves(leaves)
        if oldEnd <= right.lowerBound {
            return try subproof(oldEnd, left, isWhole, hashes) + [hashes.root(of: right)]
        }
        return try subproof(oldEnd, right, false, hashes) + [hashes.root(of: left)]
    }

    /// Splits at the largest power of two below the count.
    private static func halves(
        _ leaves: Range<UInt64>
    ) -> (left: Range<UInt64>, right: Range<UInt64>) {
        let count = leaves.upperBound - leaves.lowerBound
        let middle = leaves.lowerBound + (1 << UInt64(63 - (count - 1).leadingZeroBitCount))
        return (leaves.lowerBound..<middle, middle..<leaves.upperBound)
    }
}

extension MerkleProof {
    /// Whether `proof` shows that the leaf with hash `leaf` is number `index` of the tree of
    /// `size` leaves with this root (RFC 9162, 2.1.3.2).
    package static func verifiesInclusion(
        _ proof: [Digest],
        leaf: Digest,
        index: UInt64,
        size: UInt64,
        root: Digest
    ) -> Bool {
        guard index < size else { return false }
        var first = index
        var second = size - 1
        var hash = leaf
        for sibling in proof {
            if second == 0 { return false }
            if first & 1 == 1 || first == second {
                hash = .node(sibling, hash)
                skipLevels(&first, &second)
            } else {
                hash = .node(hash, sibling)
            }
            first >>= 1
            second >>= 1
        }
        return second == 0 && hash == root
    }

    /// Whether `proof` shows that the tree of `size` leaves with root `root` extends the one of
    /// `oldSize` with root `oldRoot` (RFC 9162, 2.1.4.2).
    ///
    /// Every tree extends the empty one, whose proof is empty.
    package static func verifiesConsistency(
        _ proof: [Digest],
        oldSize: UInt64,
        oldRoot: Digest,
        size: UInt64,
        root: Digest
    ) -> Bool {
        if oldSize > size { return false }
        if oldSize == size { return proof.isEmpty && oldRoot == root }
        if oldSize == 0 { return proof.isEmpty && oldRoot == MerkleTree().root }
        var hashes = proof[...]
        if oldSize.nonzeroBitCount == 1 { hashes = ([oldRoot] + proof)[...] }
        guard !proof.isEmpty, let start = hashes.popFirst() else { return false }
        var first = oldSize - 1
        var second = size - 1
        while first & 1 == 1 {
            first >>= 1
            second >>= 1
        }
        var old = start
        var new = start
        for hash in hashes {
            if second == 0 { return false }
            if first & 1 == 1 || first == second {
                old = .node(hash, old)
                new = .node(hash, new)
                skipLevels(&first, &second)
            } else {
                new = .node(new, hash)
            }
            first >>= 1
            second >>= 1
        }
        return second == 0 && old == oldRoot && new == root
    }

    /// Goes up while the node is the last of its level and has no sibling there.
    private static func skipLevels(_ first: inout UInt64, _ second: inout UInt64) {
        while first & 1 == 0, first != 0 {
            first >>= 1
            second >>= 1
        }
    }
}
