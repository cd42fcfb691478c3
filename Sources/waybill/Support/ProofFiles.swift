import Glibc
import PromotionModel
import Transparency

/// Reads and writes the files that proofs are in.
enum ProofFiles {
    /// Bytes that a note may have at most.
    static let noteByteCountMax = 1 << 20

    /// All bytes of a file that somebody named.
    static func bytes(
        of path: String,
        byteCountMax: Int = EventProof.byteCountMax
    ) throws(CommandFailure) -> [UInt8] {
        let bytes = try telling { () throws(TransparencyError) in
            try DurableFile.read(path, byteCountMax: byteCountMax)
        }
        guard let bytes else {
            throw .notFound(
                "there is no file \(path.quotedForDisplay); name one that waybill ledger "
                    + "checkpoint or prove has written"
            )
        }
        return bytes
    }

    /// The signed note in a file that somebody named.
    static func note(in path: String) throws(CommandFailure) -> SignedNote {
        let bytes = try bytes(of: path, byteCountMax: noteByteCountMax)
        return try telling(about: path.quotedForDisplay) { () throws(TransparencyError) in
            try SignedNote(parsing: bytes)
        }
    }

    /// Writes text to a file as a whole, or to standard output if none is named.
    static func write(_ text: String, to path: String?) throws(CommandFailure) {
        guard let path else { return Output.text(text) }
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            // A renaming would take its place.
            throw .usage("\(path.quotedForDisplay) is not a file; name another with --out")
        }
        try telling { () throws(TransparencyError) in
            try DurableFile.write(Array(text.utf8), to: path)
        }
    }
}
