package import EventLog

extension LogSnapshot {
    /// The checkpoint of a note that this ledger has signed and that its log extends.
    ///
    /// - Throws: `.keyMissing` if the ledger never had a key; `.unknownSignature`,
    ///   `.brokenSignature`, `.malformed`, `.otherOrigin` if it has not signed it; `.notExtended`
    ///   if it has, and the log is another one now.
    package func signedCheckpoint(_ note: SignedNote) throws(TransparencyError) -> Checkpoint {
        let keys = try verifierKeys()
        if keys.isEmpty { throw .keyMissing(path: SigningKeyFile(directory: path).path) }
        let checkpoint = try note.checkpoint(verifiedBy: keys)
        let size = head.position.rawValue
        guard checkpoint.size <= size else {
            throw .notExtended(checkpoint, size: size, root: nil)
        }
        let root = try fromLog { () throws(EventLogError) in
            try self.root(at: Position(rawValue: checkpoint.size))
        }
        guard root == checkpoint.root else {
            throw .notExtended(checkpoint, size: size, root: root)
        }
        return checkpoint
    }
}
