/// A name in a directory: bytes, which need not be UTF-8.
struct FileName: Hashable, Sendable {
    /// With the zero at the end that C wants.
    let bytes: [CChar]

    init(_ text: String) { bytes = Array(text.utf8CString) }

    /// The bytes of a directory entry, up to the first zero.
    init(_ entry: some Sequence<UInt8>) {
        bytes = entry.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    }

    /// As a part of a sentence or of a path that is matched: what is not UTF-8 becomes `�`.
    var text: String {
        String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it is what git keeps for itself.
    var isGit: Bool { text.lowercased() == ".git" }
}
