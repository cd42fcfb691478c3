/// The hash of a complete subtree: what the headers make it, and what is stored.
struct TreeNode: Sendable {
    /// nil where a header is missing.
    var computed: Digest?
    /// nil where no hash is stored.
    var stored: Digest?

    /// Whether both are there and equal.
    var isSound: Bool { computed != nil && computed == stored }

    /// Whether `digest` may be the hash, for all that is known.
    func allows(_ digest: Digest) -> Bool { computed == digest || stored == digest }

    /// The node over two others.
    ///
    /// A fault below was reported there. If what is stored here follows from either of what each
    /// of them may be, the fault is not also one here, and what is above goes on from this node.
    init(over left: TreeNode, _ right: TreeNode, stored: Digest?) {
        self.stored = stored
        if left.isSound, right.isSound, let first = left.computed, let second = right.computed {
            computed = .node(first, second)
            return
        }
        var candidates: [Digest] = []
        for first in [left.computed, left.stored] {
            for second in [right.computed, right.stored] {
                if let first, let second { candidates.append(.node(first, second)) }
            }
        }
        computed = candidates.first { $0 == stored } ?? candidates.first
    }

    init(computed: Digest?, stored: Digest?) {
        self.computed = computed
        self.stored = stored
    }
}

/// The nodes of complete subtrees from left to right, the largest first, as leaves are added.
struct TreeStack: Sendable {
    /// How many leaves there are below the nodes.
    private(set) var leafCount: UInt64
    private(set) var nodes: [TreeNode]
    /// The number that the next stored hash has.
    private(set) var nextIndex: UInt64

    /// The tree of the first `leafCount` leaves, with these nodes.
    init(leafCount: UInt64 = 0, nodes: [TreeNode] = []) {
        self.leafCount = leafCount
        self.nodes = nodes
        nextIndex = MerkleTree.storedIndex(level: 0, offset: leafCount)
    }

    /// Adds a leaf whose node is known, and the nodes that it completes, at most up to `levels`.
    ///
    /// `stored` gives the stored hash of a number, in ascending order; `report` is told of those
    /// that are not what they should be.
    mutating func append(
        _ leaf: TreeNode,
        levels: Int = 64,
        stored: (UInt64) -> Digest?,
        report: (UInt64, TreeNode) -> Void
    ) {
        let completed = min((~leafCount).trailingZeroBitCount, levels)
        nextIndex += 1
        var node = leaf
        for _ in 0..<completed {
            guard let left = nodes.popLast() else {
                preconditionFailure("a subtree is completed behind its left half")
            }
            node = TreeNode(over: left, node, stored: stored(nextIndex))
            if !node.isSound { report(nextIndex, node) }
            nextIndex += 1
        }
        nodes.append(node)
        leafCount += 1
        if completed == levels { nextIndex = MerkleTree.storedIndex(level: 0, offset: leafCount) }
    }
}
