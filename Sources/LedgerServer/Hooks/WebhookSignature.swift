import Crypto
import EventLog
import HTTPTypes

/// What a sender of webhooks proves with that it knows the secret.
enum WebhookSignature: Hashable, Sendable {
    /// HMAC-SHA256 over the body (GitHub, Gitea, Forgejo).
    case overBody([UInt8])
    /// HMAC-SHA256 over the time of sending, a dot and the body (Waybill's own form).
    case overTimeAndBody([UInt8], seconds: Int64)
    /// The secret itself (GitLab).
    case secret(String)

    /// What a request's header fields say; nil if they say nothing that can be a signature.
    init?(_ fields: HTTPFields) {
        if let text = fields[.hubSignature], let code = Self.code(text.dropPrefix("sha256=")) {
            self = .overBody(code)
        } else if let text = fields[.giteaSignature], let code = Self.code(text) {
            self = .overBody(code)
        } else if let text = fields[.gitlabToken], !text.isEmpty {
            self = .secret(text)
        } else if let text = fields[.waybillSignature],
            let code = Self.code(text.dropPrefix("sha256=")),
            let seconds = fields[.waybillTimestamp].flatMap({ Int64($0) })
        {
            self = .overTimeAndBody(code, seconds: seconds)
        } else {
            return nil
        }
    }

    /// How far now may be from the time of sending.
    private static let secondsApart: ClosedRange<Int64> = -300...300

    /// Whether it was made with the secret, of this body, and not long ago where it says when.
    ///
    /// Takes as long whatever differs.
    func isMade(with secret: String, of body: [UInt8], at now: Timestamp) -> Bool {
        switch self {
        case .overBody(let code): return Self.isValid(code, secret, body)
        case .overTimeAndBody(let code, let seconds):
            let (apart, isBeyond) = (now.rawValue / 1000).subtractingReportingOverflow(seconds)
            guard !isBeyond, Self.secondsApart.contains(apart) else { return false }
            return Self.isValid(code, secret, Array("\(seconds).".utf8) + body)
        case .secret(let text):
            // Digests may be compared in any time.
            return Digest.sha256(Array(text.utf8)) == Digest.sha256(Array(secret.utf8))
        }
    }

    private static func isValid(_ code: [UInt8], _ secret: String, _ bytes: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: bytes,
            using: SymmetricKey(data: Array(secret.utf8))
        )
    }

    /// The 32 bytes of 64 hexadecimal digits; nil for anything else.
    private static func code(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension String {
    fileprivate func dropPrefix(_ prefix: String) -> Substring {
        hasPrefix(prefix) ? dropFirst(prefix.count) : ""
    }
}

extension HTTPField.Name {
    static let hubSignature = known("X-Hub-Signature-256")
    static let giteaSignature = known("X-Gitea-Signature")
    static let gitlabToken = known("X-Gitlab-Token")
    static let waybillSignature = known("X-Waybill-Signature")
    static let waybillTimestamp = known("X-Waybill-Timestamp")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is a name of a header field")
        }
        return name
    }
}
