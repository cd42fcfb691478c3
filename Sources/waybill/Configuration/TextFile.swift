import PromotionModel
import Requests
import Transparency

/// Short files with text that somebody wrote.
enum TextFile {
    private static let byteCountMax = 1 << 20

    /// The text of a file; nil if there is none.
    ///
    /// - Throws: if it cannot be read, or is no UTF-8.
    static func read(_ path: String) throws(CommandFailure) -> String? {
        let bytes = try telling(about: path.quotedForDisplay) { () throws(TransparencyError) in
            try DurableFile.read(path, byteCountMax: byteCountMax)
        }
        guard let bytes else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(path.quotedForDisplay) is not UTF-8; save it as UTF-8")
        }
        return text
    }
}
