import EventLog
import Testing

/// The definition of the Merkle tree hash, word for word (RFC 9162, 2.1.1): slow and plain.
func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return .sha256([]) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return .node(naiveRoot(leaves[..<middle]), naiveRoot(leaves[middle...]))
}

@Suite struct MerkleTests {
    private static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        Array(0x50...0x57), Array(0x60...0x6f),
    ]

    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `the published test leaves have the published roots`() {
        var tree = MerkleTree()
        for (leaf, root) in zip(Self.leaves, Self.roots) {
            tree.append(leaf: .leaf(leaf.span)) { _, _ in }
            #expect(tree.root.hex == root)
        }
    }

    @Test func `the empty tree has the hash of nothing`() {
        #expect(
            MerkleTree().root.hex
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func `stored hashes are numbered without gaps, in the order of completion`() {
        var tree = MerkleTree()
        var next: UInt64 = 0
        for size in 1...300 as ClosedRange<UInt64> {
            tree.append(leaf: .zero) { index, _ in
                #expect(index == next)
                next += 1
            }
            #expect(MerkleTree.storedCount(size: size) == next)
        }
    }

    @Test func `stored hashes are numbered as Go's sumdb does`() {
        // From StoredHashIndex(level, n) of golang.org/x/mod/sumdb/tlog.
        let expected: [(Int, UInt64, UInt64)] = [
            (0, 0, 0), (0, 1, 1), (1, 0, 2), (0, 2, 3), (0, 3, 4), (1, 1, 5), (2, 0, 6), (0, 4, 7),
            (3, 0, 14), (0, 8, 15),
        ]
        for (level, offset, index) in expected {
            #expect(MerkleTree.storedIndex(level: level, offset: offset) == index)
        }
    }

    @Test func `the root of every prefix comes out of the stored hashes`() {
        var stored: [Digest] = []
        var leaves: [Digest] = []
        var tree = MerkleTree()
        for number in 0..<300 {
            let leaf = Digest.sha256([UInt8(number & 255), UInt8(number >> 8)])
            leaves.append(leaf)
            tree.append(leaf: leaf) { _, hash in stored.append(hash) }
            #expect(tree.root == naiveRoot(leaves[...]))
        }
        for size in 0...300 {
            let peaks = MerkleTree.subtrees(of: 0..<UInt64(size)).map {
                stored[Int($0.storedIndex)]
            }
            #expect(MerkleTree.fold(peaks) == naiveRoot(leaves[..<size]))
        }
    }

    @Test func `a digest keeps its bytes`() throws {
        let bytes = (0..<32).map { UInt8($0 * 7 & 255) }
        let made = Digest(bytes: bytes.span)
        let digest = try #require(made)
        #expect(digest.bytes == bytes)
        #expect(digest.hex.hasPrefix("00070e15"))
        let inline = digest.inlineBytes
        #expect((0..<32).allSatisfy { inline[$0] == bytes[$0] })
        let short = Array(bytes[..<31])
        let none = Digest(bytes: short.span)
        #expect(none == nil)
    }
}
