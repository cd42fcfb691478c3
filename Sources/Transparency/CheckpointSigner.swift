package import EventLog

/// Signs what a log says of itself, and never two things that contradict each other.
///
/// The key lies beside the ledger. What was signed last is kept twice, in the store and beside the
/// key: an older copy of the store, brought back, has forgotten what was signed, and the file
/// beside the key has not. Nothing is signed unless the log extends both.
package struct CheckpointSigner: Sendable {
    let log: EventLog
    let files: SigningKeyFile

    /// A signer for a log that is open for writing.
    package init(_ log: EventLog) {
        self.log = log
        files = SigningKeyFile(directory: log.path)
    }

    /// Rows of `meta` that this keeps.
    enum Row {
        /// The verifier keys that the ledger had, one a line, the one that counts first.
        static let keys = "verifier-keys"
        /// The note that was signed last.
        static let checkpoint = "last-checkpoint"
    }

    // MARK: - Signing

    /// A signed checkpoint of the log as it is on disk; the last one, if nothing came since.
    ///
    /// What is to be handed out is on disk in both places before this returns, so a crash at any
    /// moment leaves at most a checkpoint that nobody got. Others who sign or append wait for it.
    ///
    /// - Throws: `.keyMissing`, `.keyReadable`, `.keyUnusable`, `.olderThanSigned`,
    ///   `.otherThanSigned`, `.lastCheckpointMissing`, `.lastCheckpointUnusable`, `.file`, `.log`
    package func sign() async throws(TransparencyError) -> SignedNote {
        let files = files
        return try await log.annotate { (snapshot) throws(TransparencyError) in
            let key = try Self.key(files, snapshot)
            let stored = try snapshot.lastCheckpoint()
            let beside = try files.lastCheckpoint()
            if stored != nil, beside == nil {
                throw .lastCheckpointMissing(path: files.checkpointPath)
            }
            var newest: (note: SignedNote, size: UInt64)?
            for note in [stored, beside].compactMap(\.self) {
                let size = try Self.check(note, key.verifier, snapshot, files)
                if size >= newest?.size ?? 0 { newest = (note, size) }
            }
            let note = try Self.note(snapshot, key, newest)
            if note != beside { try files.keep(note) }
            let rows = note == stored ? [] : [Annotation(Row.checkpoint, note.encoded)]
            return (rows, note)
        }
    }

    /// The key, which must be the one that the ledger names.
    static func key(
        _ files: SigningKeyFile,
        _ snapshot: LogSnapshot
    ) throws(TransparencyError) -> SigningKey {
        guard let key = try files.key() else { throw .keyMissing(path: files.path) }
        guard try snapshot.verifierKeys().first == key.verifier else {
            throw .keyUnusable(
                path: files.path,
                what: "it is the key \(key.verifier.name)+\(key.verifier.hexID), which is not the "
                    + "one that the ledger names"
            )
        }
        return key
    }

    /// The size of a note that was signed earlier, which the log must extend.
    static func check(
        _ note: SignedNote,
        _ key: VerifierKey,
        _ snapshot: LogSnapshot,
        _ files: SigningKeyFile
    ) throws(TransparencyError) -> UInt64 {
        guard let checkpoint = Checkpoint(text: note.text) else {
            throw .lastCheckpointUnusable(path: files.checkpointPath, what: "is no checkpoint")
        }
        do throws(TransparencyError) {
            try note.verified(by: [key])
        } catch {
            // An earlier key of the same log may have signed it; what it says binds all the same.
            guard case .unknownSignature = error else {
                throw .lastCheckpointUnusable(
                    path: files.checkpointPath,
                    what: "has a signature that does not verify"
                )
            }
        }
        guard checkpoint.origin.utf8.elementsEqual(key.name.utf8) else {
            throw .lastCheckpointUnusable(
                path: files.checkpointPath,
                what: "is of another log, \(checkpoint.origin)"
            )
        }
        let size = snapshot.head.position.rawValue
        if checkpoint.size > size {
            throw .olderThanSigned(
                path: files.directory,
                signed: checkpoint.size,
                size: size
            )
        }
        let root = try fromLog { () throws(EventLogError) in
            try snapshot.root(at: Position(rawValue: checkpoint.size))
        }
        if root != checkpoint.root {
            throw .otherThanSigned(path: files.directory, signed: checkpoint.size)
        }
        return checkpoint.size
    }

    private static func note(
        _ snapshot: LogSnapshot,
        _ key: SigningKey,
        _ newest: (note: SignedNote, size: UInt64)?
    ) throws(TransparencyError) -> SignedNote {
        guard let checkpoint = Checkpoint(origin: key.verifier.name, snapshot) else {
            preconditionFailure("the name of a key is the origin of a log")
        }
        if let newest, newest.size == checkpoint.size,
            (try? newest.note.verified(by: [key.verifier])) != nil
        {
            return newest.note
        }
        let note = key.note(checkpoint.text)
        // A fault of memory must not go out in the ledger's name.
        try note.verified(by: [key.verifier])
        return note
    }

    // MARK: - Keys

    /// Makes the key of a ledger that has none; returns its public half.
    ///
    /// Where the key was lost, a new one goes on in the same name, bound by what the old one has
    /// signed. With an origin that the ledger has not had, it begins as another log, bound by
    /// nothing; the key that was there, and what it signed last, are put aside. `origin` nil means
    /// the origin that the ledger has, or `waybill/<ledger id>`.
    ///
    /// - Throws: `.keyPresent`, `.badOrigin`, `.keyReadable`, `.keyUnusable`, `.file`, `.log`
    package func makeKey(origin: String? = nil) async throws(TransparencyError) -> VerifierKey {
        let files = files
        let id = log.id
        return try await log.annotate { (snapshot) throws(TransparencyError) in
            let known = try snapshot.verifierKeys()
            let name = origin ?? known.first?.name ?? Self.defaultOrigin(id)
            try Self.checkOrigin(name)
            guard let made = SigningKey(name: name) else { throw .badOrigin(name) }
            let isNew = !known.contains { $0.name.utf8.elementsEqual(name.utf8) }
            let key = try Self.place(made, files, known, isNew)
            if isNew, let current = known.first { try files.putAsideCheckpoint(of: current) }
            let text = ([key] + known).map { $0.text + "\n" }.joined()
            var rows = [Annotation(Row.keys, text)]
            if isNew { rows.append(Annotation(Row.checkpoint, nil)) }
            return (rows, key)
        }
    }

    /// Writes a key that was made to its file; returns the public half of what is there then.
    private static func place(
        _ made: SigningKey,
        _ files: SigningKeyFile,
        _ known: [VerifierKey],
        _ isNew: Bool
    ) throws(TransparencyError) -> VerifierKey {
        if let present = try files.key()?.verifier {
            if !known.contains(present), present.name == made.verifier.name {
                // The ledger does not name it yet: an attempt to make it was cut short.
                return present
            }
            guard isNew else { throw .keyPresent(path: files.path, origin: present.name) }
            try files.putAside(key: present)
        }
        guard try files.create(made) else {
            throw .keyPresent(path: files.path, origin: made.verifier.name)
        }
        return made.verifier
    }

    /// The origin of a ledger for which nobody has chosen one.
    package static func defaultOrigin(_ id: LedgerID) -> String { "waybill/\(id)" }

    /// Refuses a name that cannot be the origin of a log and the name of its key.
    package static func checkOrigin(_ name: String) throws(TransparencyError) {
        guard name.utf8.count <= originByteCountMax, VerifierKey.isName(name) else {
            throw .badOrigin(name)
        }
    }

    /// Bytes that an origin may have at most, so that it stays a line that people can read.
    private static let originByteCountMax = 200
}

extension LogSnapshot {
    /// The verifier keys that the ledger has had, the one that counts first; none if it never had
    /// one.
    package func verifierKeys() throws(TransparencyError) -> [VerifierKey] {
        let text = try fromLog { () throws(EventLogError) in
            try annotation(CheckpointSigner.Row.keys)
        }
        var keys: [VerifierKey] = []
        for line in (text ?? "").split(separator: "\n") {
            keys.append(try VerifierKey(parsing: String(line)))
        }
        return keys
    }

    /// The checkpoint that was signed last, as the store has it; nil if none was.
    package func lastCheckpoint() throws(TransparencyError) -> SignedNote? {
        let text = try fromLog { () throws(EventLogError) in
            try annotation(CheckpointSigner.Row.checkpoint)
        }
        guard let text else { return nil }
        return try SignedNote(parsing: text.utf8)
    }
}
