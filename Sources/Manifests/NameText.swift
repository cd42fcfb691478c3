import PromotionModel

/// The sentence about names.
enum NameText {
    static func rule(for text: String, byteCountMax: Int = 253) -> String {
        let shown = text.count <= 64 ? text : text.prefix(61) + "..."
        return "\"\(shown)\" is no name: lower-case letters, digits, - and ., at most "
            + "\(byteCountMax) bytes, a letter or digit first and last"
    }
}
