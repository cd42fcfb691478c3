/// Why a run of git gave no answer.
package enum GitError: Error, Hashable {
    case cannotStart(reason: String)
    /// It ran, and what it wrote could not be read.
    case lost(operation: String, reason: String)
    case tookTooLong(operation: String, limit: Duration)
    case wroteTooMuch(operation: String, byteCountMax: Int)
    /// git's own last word, made presentable.
    case failed(operation: String, message: String)

    /// Whether the same might succeed if tried again.
    package var isTransient: Bool {
        switch self {
        case .tookTooLong, .failed, .lost: true
        case .cannotStart, .wroteTooMuch: false
        }
    }

    /// A message of another program as a part of a sentence of ours: without control characters
    /// and credentials in URLs, and at most 300 characters.
    package static func presentable(_ message: String) -> String {
        var text = String(
            message.unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control ? " " : Character(scalar)
            }
        )
        for prefix in ["fatal: ", "error: ", "ERROR: ", " ! "] where text.hasPrefix(prefix) {
            text.removeFirst(prefix.count)
        }
        text = withoutDurations(maskingCredentials(in: text))
        return text.count > 300 ? text.prefix(299) + "…" : text
    }

    /// `text` without how long something took, ` after 131 ms`: the same failure then has the same
    /// message every time.
    private static func withoutDurations(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let after = rest.firstRange(of: " after ") {
            let tail = rest[after.upperBound...]
            let digits = tail.prefix { $0.isASCII && $0.isNumber }
            let unit = [" milliseconds", " ms"].first { tail.dropFirst(digits.count).hasPrefix($0) }
            result += rest[..<after.lowerBound]
            if let unit, !digits.isEmpty {
                rest = tail.dropFirst(digits.count + unit.count)
            } else {
                result += rest[after]
                rest = tail
            }
        }
        return result + rest
    }

    /// `text` with `***` for what stands between `://` and `@` in each URL.
    package static func maskingCredentials(in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !"/ '\"".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                result += "***"
                rest = rest[at...]
            }
        }
        return result + rest
    }
}

extension GitError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotStart(let reason):
            "git cannot be started (\(reason)); install it, or put it in PATH"
        case .lost(let operation, let reason):
            "git \(operation) was lost sight of (\(reason))"
        case .tookTooLong(let operation, let limit):
            "git \(operation) did not end within \(limit.components.seconds) s"
        case .wroteTooMuch(let operation, let byteCountMax):
            "git \(operation) wrote more than \(byteCountMax) bytes"
        case .failed(let operation, let message):
            "git \(operation): \(message)"
        }
    }
}
