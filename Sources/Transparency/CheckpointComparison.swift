package import EventLog
import Glibc

/// A checkpoint that somebody kept: a signed note, or the text alone.
package struct KeptCheckpoint: Sendable {
    /// The signed note; nil if it is the text alone.
    let note: SignedNote?
    /// What it says.
    package let checkpoint: Checkpoint

    /// Reads it; nil if it is neither.
    package init?(_ bytes: [UInt8]) {
        if let note = try? SignedNote(parsing: bytes) {
            guard let checkpoint = try? note.checkpoint() else { return nil }
            self.init(note, checkpoint)
        } else {
            guard let text = String(validating: bytes, as: UTF8.self),
                let checkpoint = Checkpoint(text: text)
            else { return nil }
            self.init(nil, checkpoint)
        }
    }

    private init(_ note: SignedNote?, _ checkpoint: Checkpoint) {
        self.note = note
        self.checkpoint = checkpoint
    }
}

/// Compares a ledger with checkpoints: those that it signed last, and those that somebody kept.
///
/// A ledger that was put back to an older copy, or written anew, is sound in itself; only what was
/// kept elsewhere tells. The stored hashes that are read here are checked by verification.
package struct CheckpointComparison {
    /// The table that findings name.
    package static let table = "checkpoint"

    private let inspection: LogInspection
    private let keys: [VerifierKey]
    private let origins: [String]
    private let hasRottenKeys: Bool

    /// A comparison with the ledger in a file.
    package init(_ inspection: LogInspection) {
        self.inspection = inspection
        let text = inspection.meta[CheckpointSigner.Row.keys].map {
            String(decoding: $0, as: UTF8.self)
        }
        let lines = (text ?? "").split(separator: "\n")
        keys = lines.compactMap { try? VerifierKey(parsing: String($0)) }
        hasRottenKeys = keys.count != lines.count || text?.isEmpty == true
        // What was signed under an earlier name is of the same log.
        origins =
            keys.isEmpty ? inspection.id.map { ["waybill/\($0)"] } ?? [] : keys.map(\.name)
    }

    /// What is wrong with what the ledger signed last, in the store and beside the key.
    package func ownFindings() -> [VerificationFinding] {
        var findings: [VerificationFinding] = []
        if hasRottenKeys {
            findings.append(
                VerificationFinding(
                    table: "meta",
                    rule: "meta",
                    what: "has no sound row '\(CheckpointSigner.Row.keys)'"
                )
            )
        }
        let stored = inspection.meta[CheckpointSigner.Row.checkpoint]
        if let stored {
            findings += own(stored, name: "\(CheckpointSigner.Row.checkpoint) in meta")
        }
        let files = SigningKeyFile(directory: inspection.path)
        let name = SigningKeyFile.checkpointName
        do throws(TransparencyError) {
            let bytes = try DurableFile.read(files.checkpointPath, byteCountMax: 1 << 20)
            if let bytes {
                findings += own(bytes, name: name)
            } else if stored != nil, unsafe access(files.path, F_OK) == 0 {
                findings.append(finding(name, "missing", "is not beside the signing key"))
            }
        } catch {
            findings.append(finding(name, "file", "cannot be read"))
        }
        return findings
    }

    private func own(_ bytes: [UInt8], name: String) -> [VerificationFinding] {
        guard let kept = KeptCheckpoint(bytes), kept.note != nil else {
            return [finding(name, "file", "is no signed checkpoint")]
        }
        return self.finding(kept, name: name).map { [$0] } ?? []
    }

    /// What is wrong; nil if the ledger extends the checkpoint.
    ///
    /// `name` says which checkpoint it is, such as the path of its file.
    package func finding(_ kept: KeptCheckpoint, name: String) -> VerificationFinding? {
        let checkpoint = kept.checkpoint
        guard origins.contains(where: { $0.utf8.elementsEqual(checkpoint.origin.utf8) }) else {
            let own = origins.first ?? "none"
            return finding(name, "origin", "is of \(checkpoint.origin), and this ledger is \(own)")
        }
        if let note = kept.note, let what = fault(of: note) {
            return finding(name, "signature", what)
        }
        let size = inspection.size ?? 0
        guard checkpoint.size <= size else {
            return finding(
                name,
                "size",
                "has \(checkpoint.size) events, and the ledger has \(size): it is an older copy, "
                    + "or was cut off"
            )
        }
        guard inspection.root(at: checkpoint.size) == checkpoint.root else {
            return finding(
                name,
                "root",
                "has another root than the first \(checkpoint.size) events of the ledger: its past "
                    + "was changed"
            )
        }
        return nil
    }

    /// What is wrong with the signatures of a note; nil if one of the ledger's keys made one.
    private func fault(of note: SignedNote) -> String? {
        do throws(TransparencyError) {
            _ = try note.checkpoint(verifiedBy: keys)
            return nil
        } catch {
            switch error {
            case .brokenSignature(let name):
                return "has a signature by \(name) that does not verify: it was changed or forged"
            case .unknownSignature: return "is signed by none of the keys that the ledger has had"
            default: return "is no checkpoint that the ledger has signed"
            }
        }
    }

    private func finding(_ name: String, _ rule: String, _ what: String) -> VerificationFinding {
        VerificationFinding(table: Self.table, rule: rule, key: name, what: what)
    }
}
