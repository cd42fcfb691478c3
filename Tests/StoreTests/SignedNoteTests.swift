import EventLog
import Testing
import Transparency

/// Notes, their signatures and keys (c2sp.org/signed-note).
@Suite struct SignedNoteTests {
    private static let exampleKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private static let exampleLine =
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFX"
        + "mRKuwHjG1Yu72IneyaQM=\n"
    private static let example = "This is an example message.\n\n" + exampleLine

    private func key() throws -> VerifierKey { try VerifierKey(parsing: Self.exampleKey) }

    @Test func `the specification's example is good, and is written as it was read`() throws {
        let note = try SignedNote(parsing: Self.example.utf8)
        #expect(note.text == "This is an example message.\n")
        #expect(try note.verified(by: [key()]).name == "example.com/foo")
        #expect(note.encoded == Self.example)
        #expect(try key().text == Self.exampleKey)
        #expect(try key().hexID == "530d903a")
    }

    @Test func `Go's signing key has the same public half, and signs the same bytes`() throws {
        // From the tests of golang.org/x/mod/sumdb/note.
        let secret =
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
        let text =
            "If you think cryptography is the answer to your problem,\n"
            + "then you don't know what your problem is.\n"
        let key = try #require(SigningKey(parsing: secret))
        #expect(
            key.verifier.text
                == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        )
        #expect(
            key.note(text).encoded
                == text
                + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX"
                + "gKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        )
        #expect(key.secretText == secret)
    }

    @Test func `a changed text is not what was signed`() throws {
        let note = try SignedNote(parsing: Self.example.replacing("message", with: "massage").utf8)
        #expect(throws: TransparencyError.brokenSignature(by: "example.com/foo")) {
            try note.verified(by: [key()])
        }
    }

    @Test func `signatures by others are let be, and are not enough`() throws {
        let other = try #require(SigningKey(name: "witness.example"))
        let text = "This is an example message.\n"
        let line = other.note(text).encoded.split(separator: "\n").last.map { $0 + "\n" } ?? ""
        let both = try SignedNote(parsing: (Self.example + line).utf8)
        #expect(both.signatures.count == 2)
        #expect(try both.verified(by: [key()]).name == "example.com/foo")
        let alone = other.note(text)
        #expect(
            throws: TransparencyError.unknownSignature(
                by: ["witness.example+\(other.verifier.hexID)"],
                expected: ["example.com/foo+530d903a"]
            )
        ) { try alone.verified(by: [key()]) }
    }

    @Test func `one bad signature of a known key makes a note bad, wherever it stands`() throws {
        let bad = Self.exampleLine.replacing("aQM=", with: "aQI=")
        for lines in [bad + Self.exampleLine, Self.exampleLine + bad] {
            let note = try SignedNote(parsing: ("This is an example message.\n\n" + lines).utf8)
            #expect(throws: TransparencyError.brokenSignature(by: "example.com/foo")) {
                try note.verified(by: [key()])
            }
        }
    }

    @Test func `the name and the id must both be the key's`() throws {
        let renamed = Self.example.replacing("— example.com/foo", with: "— example.com/fop")
        let note = try SignedNote(parsing: renamed.utf8)
        #expect(throws: TransparencyError.self) { try note.verified(by: [key()]) }
    }

    @Test func `100 signatures are taken`() throws {
        let lines = (0..<99).map { _ in Self.exampleLine.replacing("foo", with: "bar") }.joined()
        let note = try SignedNote(parsing: (Self.example + lines).utf8)
        #expect(note.signatures.count == 100)
        #expect(try note.verified(by: [key()]).name == "example.com/foo")
    }

    @Test func `text may have empty lines, and ends with the last one`() throws {
        let key = try #require(SigningKey(name: "k"))
        let text = "a\n\n\nb\n\n— not a signature\n"
        let note = try SignedNote(parsing: key.note(text).encoded.utf8)
        #expect(note.text == text)
        #expect(try note.verified(by: [key.verifier]) == key.verifier)
    }

    @Test(arguments: [
        "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\nno dash\n",
        "text\n\n— name\n", "text\n\n— name !!!!\n", "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAAA\n", "text\n\n—  AAAAAAAA\n", "text\n\n— name AAAAAAAA",
        "text\n\n— name AAAAAAAA\n\n", "text\n\n— na me AAAAAAAA\n", "text\n\n- name AAAAAAAA\n",
        "te\rxt\n\n— name AAAAAAAA\n", "te\u{0}xt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA \n", "text\n\n— name AAAAAAB=\n",
    ])
    func `text that is no note is malformed`(_ text: String) throws {
        do throws(TransparencyError) {
            _ = try SignedNote(parsing: text.utf8)
            Issue.record("\(text.debugDescription) was taken")
        } catch {
            guard case .malformed = error else { throw error }
        }
    }

    @Test func `bytes that are not UTF-8 are no note`() {
        let bytes = [0xff] + Array(Self.example.utf8)
        #expect(throws: TransparencyError.self) { _ = try SignedNote(parsing: bytes) }
    }

    @Test(arguments: [
        "", "example.com/foo", "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
    ])
    func `a verifier key that was changed is none`(_ text: String) {
        #expect(throws: TransparencyError.self) { _ = try VerifierKey(parsing: text) }
    }

    @Test func `a signing key does not show its secret`() throws {
        let key = try #require(SigningKey(name: "example.com/foo"))
        var dumped = "\(key) \(String(reflecting: key))"
        dump(key, to: &dumped)
        // Base 64 may have a plus of its own.
        let secret = try #require(key.secretText.split(separator: "+", maxSplits: 4).last)
        #expect(!dumped.contains(secret.dropLast()))
        #expect(dumped.contains("example.com/foo"))
    }

    @Test(arguments: ["", "a b", "a+b", "a\u{a0}b", "a\nb", "a\u{2003}b", "a\u{7}"])
    func `a name with spaces, a plus or control characters is no key's`(_ name: String) {
        #expect(SigningKey(name: name) == nil)
    }

    @Test func `a checkpoint counts only under the key of its own log`() throws {
        let key = try #require(SigningKey(name: "example.com/one"))
        let other = try #require(
            Checkpoint(origin: "example.com/two", size: 1, root: .sha256([]))
        )
        let note = key.note(other.text)
        #expect(
            throws: TransparencyError.otherOrigin("example.com/two", expected: "example.com/one")
        ) { _ = try note.checkpoint(verifiedBy: [key.verifier]) }
        let text = key.note("three\nwords\nonly\n")
        #expect(throws: TransparencyError.self) {
            _ = try text.checkpoint(verifiedBy: [key.verifier])
        }
    }

    @Test func `base 64 is read back, and only in the one form that it is written in`() {
        var generator = SeededGenerator(seed: 64)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        for text in ["A", "AA", "AAA", "A===", "AA=A", "====", "AB==", "AAB=", "AA==AA==", "A A="] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
        #expect(Base64.decode("") == [])
    }
}
