import EventLog
import Testing
import Transparency

@Suite struct TransparencyTests {
    private static let sizeMax: UInt64 = 34

    private func filledLog() async throws -> LogHarness {
        let harness = try LogHarness()
        for number in 0..<Self.sizeMax {
            try await harness.append("command-\(number)", [[UInt8(number)]])
        }
        return harness
    }

    private func leaf(_ index: UInt64, _ snapshot: LogSnapshot) throws(EventLogError) -> Digest {
        let bytes = try snapshot.headerBytes(at: Position(rawValue: index + 1))
        return .leaf(bytes.span)
    }

    @Test func `every event is proved to be in every tree that holds it`() async throws {
        let harness = try await filledLog()
        try harness.log.read { (snapshot) throws(EventLogError) in
            for size in 1...Self.sizeMax {
                let root = try snapshot.root(at: Position(rawValue: size))
                for index in 0..<size {
                    let proof = try MerkleProof.inclusion(of: index, in: size, snapshot.hashes)
                    let leaf = try leaf(index, snapshot)
                    func verifies(_ proof: [Digest], _ leaf: Digest, _ index: UInt64) -> Bool {
                        MerkleProof.verifiesInclusion(
                            proof,
                            leaf: leaf,
                            index: index,
                            size: size,
                            root: root
                        )
                    }
                    #expect(verifies(proof, leaf, index))
                    #expect(!verifies(proof + [.zero], leaf, index))
                    #expect(!verifies(proof, .zero, index))
                    #expect(!verifies(proof, leaf, size))
                    if !proof.isEmpty {
                        #expect(!verifies(proof.dropLast(), leaf, index))
                        #expect(!verifies(proof, leaf, index ^ 1))
                    }
                }
            }
        }
    }

    @Test func `every tree is proved to extend every earlier one`() async throws {
        let harness = try await filledLog()
        try harness.log.read { (snapshot) throws(EventLogError) in
            for size in 0...Self.sizeMax {
                let root = try snapshot.root(at: Position(rawValue: size))
                for oldSize in 0...size {
                    let oldRoot = try snapshot.root(at: Position(rawValue: oldSize))
                    let proof = try MerkleProof.consistency(
                        from: oldSize,
                        to: size,
                        snapshot.hashes
                    )
                    func verifies(_ proof: [Digest], _ old: Digest, _ new: Digest) -> Bool {
                        MerkleProof.verifiesConsistency(
                            proof,
                            oldSize: oldSize,
                            oldRoot: old,
                            size: size,
                            root: new
                        )
                    }
                    #expect(verifies(proof, oldRoot, root))
                    #expect(!verifies(proof + [.zero], oldRoot, root))
                    #expect(!verifies(proof, .zero, root))
                    if oldSize > 0 { #expect(!verifies(proof, oldRoot, .zero)) }
                    if !proof.isEmpty { #expect(!verifies(proof.dropLast(), oldRoot, root)) }
                }
            }
        }
    }

    @Test func `a checkpoint is three lines and is read back`() async throws {
        let harness = try LogHarness()
        try await harness.append("one")
        let checkpoint = try #require(
            try harness.log.read { (snapshot) throws(EventLogError) in
                Checkpoint(origin: "example.com/ledger", snapshot)
            }
        )
        let lines = checkpoint.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[0] == "example.com/ledger")
        #expect(lines[1] == "1")
        #expect(lines[3].isEmpty)
        #expect(Checkpoint(text: checkpoint.text) == checkpoint)
    }

    @Test(arguments: [
        "", "origin\n1\n", "origin\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n",
        "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ])
    func `text that is no checkpoint is refused`(text: String) {
        #expect(Checkpoint(text: text) == nil)
    }

    @Test func `the empty log's checkpoint is the one that everybody computes`() throws {
        let checkpoint = try #require(
            Checkpoint(origin: "o", size: 0, root: MerkleTree().root)
        )
        #expect(checkpoint.text == "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
        #expect(Checkpoint(origin: "two\nlines", size: 0, root: .zero) == nil)
    }
}
