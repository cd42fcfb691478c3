import Glibc

/// The files beside a ledger that signing needs: its key, and what was signed last.
///
/// No backup has the key; whoever has it signs in the ledger's name.
struct SigningKeyFile: Sendable {
    /// The key.
    static let name = "signing.key"
    /// What was signed last.
    static let checkpointName = "checkpoint"

    private static let byteCountMax = 4096
    /// Only the owner may read or write it.
    private static let mode: mode_t = 0o600

    /// The ledger's directory.
    let directory: String

    var path: String { "\(directory)/\(Self.name)" }
    var checkpointPath: String { "\(directory)/\(Self.checkpointName)" }

    /// The key; nil if there is no file.
    ///
    /// - Throws: `.keyReadable` if others than the owner may read the file, `.keyUnusable`, `.file`
    func key() throws(TransparencyError) -> SigningKey? {
        let path = path
        let bytes = try DurableFile.read(path, byteCountMax: Self.byteCountMax) {
            (status) throws(TransparencyError) in
            let others = status.st_mode & (S_IRWXG | S_IRWXO)
            if others != 0 {
                throw .keyReadable(path: path, mode: UInt32(status.st_mode & 0o7777))
            }
        }
        guard let bytes else { return nil }
        guard let key = SigningKey(parsing: String(decoding: bytes, as: UTF8.self)) else {
            throw .keyUnusable(path: path, what: "it holds no Ed25519 signing key")
        }
        return key
    }

    /// Writes the key durably where there is none; false if there is one.
    func create(_ key: SigningKey) throws(TransparencyError) -> Bool {
        try DurableFile.create(Array(key.secretText.utf8), at: path, mode: Self.mode)
    }

    /// What was signed last; nil if there is no file.
    func lastCheckpoint() throws(TransparencyError) -> SignedNote? {
        guard let bytes = try DurableFile.read(checkpointPath, byteCountMax: 1 << 20) else {
            return nil
        }
        do throws(TransparencyError) {
            return try SignedNote(parsing: bytes)
        } catch {
            guard case .malformed(let what) = error else { throw error }
            throw .lastCheckpointUnusable(path: checkpointPath, what: what)
        }
    }

    /// Keeps what is about to be signed, durably.
    func keep(_ note: SignedNote) throws(TransparencyError) {
        try DurableFile.write(Array(note.encoded.utf8), to: checkpointPath)
    }

    /// Puts the key aside under a name with its id, where nothing uses it.
    func putAside(key: VerifierKey) throws(TransparencyError) {
        try rename(path, key)
    }

    /// Puts what was signed last aside under a name with the id of the key that signed it.
    func putAsideCheckpoint(of key: VerifierKey) throws(TransparencyError) {
        try rename(checkpointPath, key)
    }

    private func rename(_ file: String, _ key: VerifierKey) throws(TransparencyError) {
        if unsafe Glibc.rename(file, "\(file).\(key.hexID)") != 0, errno != ENOENT {
            throw .file(path: file, operation: "rename", code: errno)
        }
        try DurableFile.flush(directory)
    }
}
