import Expressions

/// A JWT in its compact form (RFC 7515, 3.1), taken apart; nothing of it is proven.
struct CompactToken: Sendable {
    let header: [String: Value]
    let claims: [String: Value]
    /// What was signed: header and claims as they came, with the dot between them.
    let signed: [UInt8]
    let signature: [UInt8]

    /// What a token may have: a request's head has little more.
    static let byteCountMax = 32 << 10

    /// The parts of a token; nil if it is none.
    ///
    /// An object that says a key twice is refused, because others may read the other one.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.byteCountMax, parts.count == 3,
            let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decoded(parts[2])
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Array(parts[0].utf8) + [UInt8(ascii: ".")] + Array(parts[1].utf8)
    }

    private static func object(_ part: Substring) -> [String: Value]? {
        guard let bytes = Base64URL.decoded(part),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        do throws(ExpressionError) {
            return try Value(json: text, repeatsKeys: false).objectValue
        } catch {
            return nil
        }
    }
}
