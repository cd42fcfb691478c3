import Expressions

/// Sets images in the text of a Kustomization.
enum KustomizationImages {
    /// An image as it is to be.
    struct Target: Hashable, Sendable {
        /// The name that the manifests use.
        let name: String
        var newName: String?
        var tag: String?
        var digest: String?

        /// The image with its version, for messages.
        var reference: String {
            let tag = tag.map { ":\($0)" } ?? ""
            let digest = digest.map { "@\($0)" } ?? ""
            return (newName ?? name) + tag + digest
        }

        /// The fields of the entry, where `old` is what is there.
        ///
        /// A `*` stands for what is there.
        fileprivate func entry(_ old: Value) -> Value {
            var fields: [String: Value] = ["name": .string(name)]
            for (key, text) in [("newName", newName), ("newTag", tag), ("digest", digest)] {
                fields[key] = text == "*" ? old[key] : text.map { .string($0) }
            }
            return .object(fields)
        }
    }

    private static let layout = YAMLLayout(
        mapIndentation: 2,
        listIndentation: 0,
        leadingKeys: ["name", "newName", "newTag", "digest"]
    )

    /// `bytes` with each image set: its entry is changed, or added behind the others.
    static func set(_ targets: [Target], in bytes: [UInt8]) throws(StepError) -> [UInt8] {
        var bytes = bytes
        for target in targets {
            let document = try YAMLDocument(bytes)
            let images = try document.value()["images"] ?? .null
            guard images == .null || images.arrayValue != nil else {
                throw .wrong("images is \(images.kindName), not a list")
            }
            let places = (images.arrayValue ?? []).enumerated().filter { _, entry in
                entry["name"]?.stringValue == target.name
            }
            if places.isEmpty {
                let entry = target.entry(.null)
                bytes =
                    images.arrayValue?.isEmpty ?? true
                    ? try YAMLFieldUpdate.applied("images", [entry], to: bytes, layout: layout)
                    : try YAMLFieldUpdate.applied("images.-1", entry, to: bytes, layout: layout)
            }
            for (index, old) in places {
                bytes = try YAMLFieldUpdate.applied(
                    "images.\(index)",
                    target.entry(old),
                    to: bytes,
                    layout: layout
                )
            }
        }
        return bytes
    }
}
