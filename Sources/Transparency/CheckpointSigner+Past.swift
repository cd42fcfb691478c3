package import EventLog

extension CheckpointSigner {
    /// A signed checkpoint of the log as it was at `position`, for a copy or an export that ends
    /// there.
    ///
    /// The log must extend what was signed last, as for `sign`; so this can contradict nothing
    /// that was signed, and is not kept.
    ///
    /// - Throws: as `sign`; `.log(.noSuchPosition)`
    package func sign(at position: Position) async throws(TransparencyError) -> SignedNote {
        let files = files
        return try await log.annotate { (snapshot) throws(TransparencyError) in
            let key = try Self.key(files, snapshot)
            let stored = try snapshot.lastCheckpoint()
            let beside = try files.lastCheckpoint()
            if stored != nil, beside == nil {
                throw .lastCheckpointMissing(path: files.checkpointPath)
            }
            for note in [stored, beside].compactMap(\.self) {
                _ = try Self.check(note, key.verifier, snapshot, files)
            }
            let root = try fromLog { () throws(EventLogError) in try snapshot.root(at: position) }
            let checkpoint = Checkpoint(
                origin: key.verifier.name,
                size: position.rawValue,
                root: root
            )
            guard let checkpoint else {
                preconditionFailure("the name of a key is the origin of a log")
            }
            let note = key.note(checkpoint.text)
            // A fault of memory must not go out in the ledger's name.
            try note.verified(by: [key.verifier])
            return ([], note)
        }
    }
}
