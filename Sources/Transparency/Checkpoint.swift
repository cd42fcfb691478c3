package import EventLog

/// The size and root of a log, as the text that a log signs (c2sp.org/tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    /// Which log it is: a name without a scheme, such as `example.com/ledger`.
    package let origin: String
    /// How many events it has.
    package let size: UInt64
    /// The Merkle root over them.
    package let root: Digest

    /// A checkpoint; nil if the origin is empty or has a control character, so that it is no line.
    package init?(origin: String, size: UInt64, root: Digest) {
        guard !origin.isEmpty, origin.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            return nil
        }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a checkpoint; nil if it is none.
    ///
    /// Three lines; further ones, which have no meaning here, must not be empty.
    package init?(text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            lines.last?.isEmpty == true, let size = DecimalText.number(lines[1]),
            let bytes = Base64.decode(lines[2]), let root = Digest(bytes: bytes.span)
        else { return nil }
        self.init(origin: String(Substring(lines[0])), size: size, root: root)
    }

    /// Three lines: origin, size, root in base 64.
    package var text: String {
        "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n"
    }
}

extension Checkpoint {
    /// The checkpoint of a log as a snapshot shows it.
    package init?(origin: String, _ snapshot: LogSnapshot) {
        self.init(origin: origin, size: snapshot.head.position.rawValue, root: snapshot.root)
    }
}

/// Numbers as C2SP's formats write them: decimal, without a sign and without leading zeros.
enum DecimalText {
    static func number(_ digits: some Collection<UInt8>) -> UInt64? {
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (shifted, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = shifted.addingReportingOverflow(
                UInt64(digit - UInt8(ascii: "0"))
            )
            if overflows || carries { return nil }
            value = sum
        }
        return value
    }
}
