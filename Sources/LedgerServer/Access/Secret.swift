import EventLog
import LMDB

/// 256 random bits that open a door, of which only the SHA-256 is kept.
package struct Secret: Sendable {
    /// 64 hexadecimal digits.
    package let text: String

    /// A new one, from the kernel.
    package init() {
        text = RandomBytes.draw(32).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Somebody's text; nil unless it has a secret's form.
    init?(_ text: String) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard text.utf8.count == 64,
            text.utf8.allSatisfy({ digits.contains($0) || letters.contains($0) })
        else { return nil }
        self.text = text
    }

    /// What is kept of it, and compared.
    ///
    /// Digests may be compared in any time: who times that learns nothing about the secret.
    var digest: Digest { .sha256(Array(text.utf8)) }

    /// The digest as 64 hexadecimal digits: what the ledger keeps of a token.
    package var digestText: String { digest.hex }
}
