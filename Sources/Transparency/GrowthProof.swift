package import EventLog

/// That a log has only grown since an older checkpoint: nothing was changed or taken away.
///
/// It is what a witness takes (C2SP tlog-witness, the body of `add-checkpoint`), and needs the
/// older checkpoint to be checked, which whoever wants to know has kept.
package struct GrowthProof: Hashable, Sendable {
    /// Bytes that a file may have at most: 63 hashes and a note.
    package static let byteCountMax = 2 << 20

    /// How many events the older checkpoint has.
    package let oldSize: UInt64
    /// The hashes of the consistency proof (RFC 9162, 2.1.4).
    package let hashes: [Digest]
    /// The newer checkpoint, signed.
    package let note: SignedNote

    /// The proof between two signed checkpoints of this log.
    ///
    /// - Complexity: O(log size) reads.
    /// - Throws: what `LogSnapshot.signedCheckpoint(_:)` throws of either, `.otherOrigin` if they
    ///   were signed under two names, `.notOlder`, `.log`
    package init(
        from old: SignedNote,
        to new: SignedNote,
        _ snapshot: LogSnapshot
    ) throws(TransparencyError) {
        let older = try snapshot.signedCheckpoint(old)
        let newer = try snapshot.signedCheckpoint(new)
        guard older.origin.utf8.elementsEqual(newer.origin.utf8) else {
            throw .otherOrigin(older.origin, expected: newer.origin)
        }
        guard older.size <= newer.size else {
            throw .notOlder(size: older.size, newer: newer.size)
        }
        oldSize = older.size
        note = new
        hashes = try fromLog { () throws(EventLogError) in
            try MerkleProof.consistency(from: older.size, to: newer.size, snapshot.hashes)
        }
    }

    /// The lines of the file.
    package var encoded: String {
        """
        old \(oldSize)
        \(hashes.map { Base64.encode($0.bytes) + "\n" }.joined())
        \(note.encoded)
        """
    }

    /// Reads a file; says nothing about whether it proves anything.
    ///
    /// - Throws: `.malformed`
    package init(parsing bytes: [UInt8]) throws(TransparencyError) {
        var lines = ProofLines(bytes)
        guard let size = lines.next(after: "old ").flatMap({ DecimalText.number($0) }) else {
            throw .malformed("is no proof of growth: it does not begin with old SIZE")
        }
        oldSize = size
        hashes = try lines.hashes()
        note = try SignedNote(parsing: lines.rest)
    }

    /// Checks that the log of the newer checkpoint extends that of `old`; returns both.
    ///
    /// - Throws: `.brokenSignature`, `.unknownSignature`, `.otherOrigin`, `.malformed`,
    ///   `.notProven`
    package func verified(
        from old: SignedNote,
        by keys: [VerifierKey]
    ) throws(TransparencyError) -> (old: Checkpoint, new: Checkpoint) {
        let older = try old.checkpoint(verifiedBy: keys)
        let newer = try note.checkpoint(verifiedBy: keys)
        guard older.origin.utf8.elementsEqual(newer.origin.utf8) else {
            throw .otherOrigin(older.origin, expected: newer.origin)
        }
        guard older.size == oldSize else {
            throw .notProven(
                "the proof begins at \(oldSize) events, the checkpoint has \(older.size)"
            )
        }
        let isConsistent = MerkleProof.verifiesConsistency(
            hashes,
            oldSize: older.size,
            oldRoot: older.root,
            size: newer.size,
            root: newer.root
        )
        guard isConsistent else {
            throw .notProven(
                "the hashes do not lead from the root of \(older.size) events to that of "
                    + "\(newer.size)"
            )
        }
        return (older, newer)
    }
}
