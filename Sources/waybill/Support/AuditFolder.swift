import EventLog
import Expressions
import Ledger
import LMDB
import PromotionModel
import Requests
import Transparency

/// A folder of files for auditors, which is there when it is complete, or not at all.
struct AuditFolder {
    private let staged: StagedDirectory

    /// Makes the folder, hands it to `body`, and puts it in its place.
    ///
    /// - Throws: a failure that says so if there is anything at the place.
    static func make(at path: String, _ body: (AuditFolder) throws -> Void) throws {
        let (staged, guardian) = try StopGuard.making {
            try begin(path)
        } discard: {
            $0.discard()
        }
        do {
            try body(AuditFolder(staged: staged))
            try guardian.finish { () throws(StagingError) in try staged.publish() }
        } catch {
            staged.discard()
            throw error
        }
    }

    private static func begin(_ path: String) throws -> StagedDirectory {
        do throws(StagingError) {
            return try StagedDirectory(for: path, allowsEmptyDirectory: false)
        } catch {
            let failure = CommandFailure(error)
            switch error.code {
            case .exists:
                throw CommandFailure(
                    failure.exitCode,
                    failure.name,
                    "\(path.quotedForDisplay) is there already; name a new directory with --out"
                )
            case .noParent:
                throw CommandFailure(
                    failure.exitCode,
                    failure.name,
                    "\(path.quotedForDisplay) cannot be made: the directory above it does not "
                        + "exist; make that first, or name another with --out"
                )
            case .busy, .diskFull, .permission, .readOnly, .missing, .other: throw failure
            }
        }
    }

    /// Writes a small file.
    func write(_ text: String, to name: String) throws(StagingError) {
        try staged.write(text, to: name)
    }

    /// Writes a file piece by piece, as `body` hands it over.
    func stream(
        to name: String,
        _ body: ((Span<UInt8>) throws(StagingError) -> Void) throws -> Void
    ) throws {
        let file = try StagedFile(for: staged.path + "/" + name)
        do {
            try body { bytes throws(StagingError) in try file.write(bytes) }
            try file.publish()
        } catch {
            file.discard()
            throw error
        }
    }
}

/// The ledger's name and key, as files for auditors tell them.
struct AuditedLedger {
    let id: LedgerID
    let key: VerifierKey

    /// What a ledger says of itself.
    init(_ ledger: Ledger) throws {
        id = ledger.log.id
        let keys = try ledger.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.verifierKeys()
        }
        guard let key = keys.first else {
            throw CommandFailure.notFound(
                "the ledger has no signing key, so nothing can be proved; make one with waybill "
                    + "ledger key --make"
            )
        }
        self.key = key
    }

    /// How to come by the key, for a README.
    var keyNote: String {
        """
        VKEY is the ledger's verifier key, which you must have by a way that the operator cannot
        change later. The ledger itself says that it is

            \(key.text)

        """
    }
}
