/// Text with signatures below it (C2SP signed-note).
package struct SignedNote: Hashable, Sendable {
    /// What is signed; it ends with a line break.
    package let text: String
    /// The signatures, known ones and unknown ones, in the order of their lines.
    package let signatures: [NoteSignature]

    /// Bytes that a note may have at most; a checkpoint has a few hundred.
    private static let byteCountMax = 1 << 20
    /// Signatures that a note may have at most; the format demands that 16 are taken.
    private static let signatureCountMax = 100

    init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note; says nothing about whether its signatures are good.
    ///
    /// - Throws: `.malformed`
    package init(parsing bytes: some Collection<UInt8>) throws(TransparencyError) {
        let bytes = Array(bytes)
        guard bytes.count <= Self.byteCountMax else { throw .malformed("is too long for a note") }
        guard let whole = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("is no signed note: it is not UTF-8")
        }
        guard whole.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" }) else {
            throw .malformed("is no signed note: it has control characters")
        }
        let lineBreak = UInt8(ascii: "\n")
        // Signature lines are not empty: the last empty line ends the text.
        let end = bytes.indices.dropFirst().last {
            bytes[$0] == lineBreak && bytes[$0 - 1] == lineBreak
        }
        guard let end, bytes.last == lineBreak, end + 1 < bytes.count else {
            throw .malformed("is no signed note: no signature follows an empty line")
        }
        let lines = bytes[(end + 1)...].dropLast().split(
            separator: lineBreak,
            omittingEmptySubsequences: false
        )
        guard lines.count <= Self.signatureCountMax else {
            throw .malformed("is a note with more than \(Self.signatureCountMax) signatures")
        }
        var signatures: [NoteSignature] = []
        for line in lines {
            guard let signature = NoteSignature(line: line) else {
                throw .malformed(
                    "is no signed note: a line of signatures does not read — NAME SIGNATURE"
                )
            }
            signatures.append(signature)
        }
        text = String(decoding: bytes[..<end], as: UTF8.self)
        self.signatures = signatures
    }

    /// The note as it is written to files.
    package var encoded: String {
        text + "\n" + signatures.map(\.line).joined()
    }

    /// The key among `keys` that has signed the note.
    ///
    /// Signatures by other keys are let be. One by a known key that is not good makes the whole
    /// note bad, whatever others say.
    ///
    /// - Throws: `.brokenSignature`, `.unknownSignature`
    @discardableResult
    package func verified(by keys: [VerifierKey]) throws(TransparencyError) -> VerifierKey {
        let bytes = Array(text.utf8)
        var found: VerifierKey?
        for signature in signatures {
            let known = keys.first {
                $0.id == signature.keyID && $0.name.utf8.elementsEqual(signature.name.utf8)
            }
            guard let known else { continue }
            guard known.verifies(signature.bytes, of: bytes) else {
                throw .brokenSignature(by: known.name)
            }
            found = found ?? known
        }
        if let found { return found }
        throw .unknownSignature(
            by: signatures.map(\.key),
            expected: keys.map { "\($0.name)+\($0.hexID)" }
        )
    }

    /// The checkpoint that the note's text is.
    ///
    /// - Throws: `.malformed`
    package func checkpoint() throws(TransparencyError) -> Checkpoint {
        guard let checkpoint = Checkpoint(text: text) else {
            throw .malformed("is no checkpoint: its text is not origin, size and root")
        }
        return checkpoint
    }

    /// The checkpoint that one of `keys` has signed, of the log that the key is of.
    ///
    /// - Throws: `.brokenSignature`, `.unknownSignature`, `.malformed`, `.otherOrigin`
    package func checkpoint(
        verifiedBy keys: [VerifierKey]
    ) throws(TransparencyError) -> Checkpoint {
        let key = try verified(by: keys)
        let checkpoint = try checkpoint()
        guard checkpoint.origin.utf8.elementsEqual(key.name.utf8) else {
            throw .otherOrigin(checkpoint.origin, expected: key.name)
        }
        return checkpoint
    }
}

/// One line below a note: who signed, with which key, and the signature.
package struct NoteSignature: Hashable, Sendable {
    /// The key's name.
    package let name: String
    /// The key's id.
    package let keyID: UInt32
    /// The signature itself; for Ed25519 64 bytes.
    package let bytes: [UInt8]

    init(name: String, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Reads `— NAME BASE64`; nil if it is anything else.
    fileprivate init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: "\u{2014} ".utf8) else { return nil }
        let parts = line.dropFirst("\u{2014} ".utf8.count).split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let bytes = Base64.decode(parts[1]), bytes.count > 4 else {
            return nil
        }
        name = String(decoding: parts[0], as: UTF8.self)
        guard VerifierKey.isName(name) else { return nil }
        keyID = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        self.bytes = Array(bytes[4...])
    }

    fileprivate var line: String {
        let id = (0..<4).reversed().map { UInt8(truncatingIfNeeded: keyID >> ($0 * 8)) }
        return "\u{2014} \(name) \(Base64.encode(id + bytes))\n"
    }

    /// Name and id as a verifier key has them.
    fileprivate var key: String {
        let digits = String(keyID, radix: 16)
        return name + "+" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
