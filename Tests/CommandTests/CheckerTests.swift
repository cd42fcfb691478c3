import EventLog
import Foundation
import Testing
import Transparency

/// The independent checker says yes to what is so, and no to everything else, as Waybill does.
@Suite struct CheckerTests {
    @Test func `it knows RFC 6962's test vectors`() async throws {
        let directory = try TemporaryDirectory()
        let roots = try await Checker.script(
            """
            leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                      "606162636465666768696a6b6c6d6e6f"]
            tree = checker.Tree()
            print(tree.root().hex())
            for leaf in leaves:
                print(tree.add(checker.leaf_hash(bytes.fromhex(leaf))).root().hex())
            """,
            in: directory.path
        )
        #expect(
            roots.split(separator: "\n") == [
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ]
        )
    }

    @Test func `it knows the signed note of the specification`() async throws {
        let directory = try TemporaryDirectory()
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        let note = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3m\
            FXmRKuwHjG1Yu72IneyaQM=

            """
        try Files.write(note, to: directory.sub("good"))
        try Files.write(note.replacing("message", with: "massage"), to: directory.sub("bad"))
        // Its text is no checkpoint, which is looked at behind the signature.
        let good = try await Checker.run("checkpoint", "good", "--key", key, in: directory.path)
        #expect(good.output.contains("without origin, size and root"))
        let bad = try await Checker.run("checkpoint", "bad", "--key", key, in: directory.path)
        #expect(bad.output.contains("the signature of example.com/foo is not one of this text"))
        #expect(good.code == 1 && bad.code == 1)
    }

    @Test func `500 proofs of events, half of them changed, mean the same to it and to Waybill`()
        async throws
    {
        var generator = Seeded(state: .random(in: .min ... .max))
        let seed = Comment(rawValue: "seed \(generator.state)")
        let ledger = try await SigningLedger(eventCount: 300)
        let other = try await SigningLedger(eventCount: 300)
        var expected: [String: Bool] = [:]
        for number in 0..<500 {
            let size = UInt64.random(in: 1...300, using: &generator)
            let position = Position(rawValue: .random(in: 1...size, using: &generator))
            let source = number % 50 == 49 ? other : ledger
            let note = try source.note(size)
            var text = try source.log.read { (snapshot) throws(TransparencyError) in
                try EventProof(of: position, in: note, snapshot).encoded
            }
            if number % 2 == 1 { text = Mutation.of(text, using: &generator) }
            let name = "\(number).tlog-proof"
            try Files.write(text, to: ledger.place.directory.sub(name))
            let proof = try? EventProof(parsing: Array(text.utf8))
            expected[name] = (try? proof?.verified(by: [ledger.key.verifier])) != nil
        }
        let accepted = expected.values.count { $0 }
        #expect((250...300).contains(accepted), seed)
        let ending = try await Checker.run(
            ["proof"] + expected.keys.sorted() + ["--key", ledger.key.verifier.text],
            in: ledger.place.path
        )
        var found: [String: Bool] = [:]
        for line in ending.output.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 2)
            found[String(parts[1])] = parts[0] == "OK"
        }
        #expect(ending.code == 1)
        #expect(found == expected, seed)
    }

    @Test func `500 proofs of growth, half of them changed, mean the same to it and to Waybill`()
        async throws
    {
        var generator = Seeded(state: .random(in: .min ... .max))
        let seed = Comment(rawValue: "seed \(generator.state)")
        let ledger = try await SigningLedger(eventCount: 300)
        var expected: [String] = []
        for number in 0..<500 {
            let size = UInt64.random(in: 0...300, using: &generator)
            let old = try ledger.note(.random(in: 0...size, using: &generator))
            let new = try ledger.note(size)
            var text = try ledger.log.read { (snapshot) throws(TransparencyError) in
                try GrowthProof(from: old, to: new, snapshot).encoded
            }
            if number % 2 == 1 { text = Mutation.of(text, using: &generator) }
            try Files.write(old.encoded, to: ledger.place.directory.sub("\(number).old"))
            try Files.write(text, to: ledger.place.directory.sub("\(number).growth"))
            let proof = try? GrowthProof(parsing: Array(text.utf8))
            let isProven = (try? proof?.verified(from: old, by: [ledger.key.verifier])) != nil
            expected.append("\(number) \(isProven ? "yes" : "no")")
        }
        let accepted = expected.count { $0.hasSuffix("yes") }
        #expect((250...300).contains(accepted), seed)
        let found = try await Checker.script(
            """
            keys = checker.read_keys(["\(ledger.key.verifier.text)"])
            for number in range(500):
                try:
                    checker.check_consistency([f"{number}.old", f"{number}.growth"], keys)
                    print(number, "yes")
                except Exception:
                    print(number, "no")
            """,
            in: ledger.place.path
        )
        #expect(found.split(separator: "\n").map(String.init) == expected, seed)
    }
}

/// Changes to the text of a proof.
enum Mutation {
    /// The text with one random change: of a bit, or of a line.
    static func of(_ text: String, using generator: inout Seeded) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Not the signature, which may be there twice, and not the end.
        let index = Int.random(in: 0..<lines.count - 2, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: index)
        case 2: lines.swapAt(index, (index + 1) % (lines.count - 2))
        case 3: lines[index] = Base64.encode(Digest.sha256(Array(lines[index].utf8)).bytes)
        default:
            var bytes = Array(text.utf8)
            let place = Int.random(in: bytes.indices, using: &generator)
            bytes[place] ^= UInt8(1 << Int.random(in: 0..<7, using: &generator))
            return String(decoding: bytes, as: UTF8.self)
        }
        return lines.joined(separator: "\n")
    }
}
