import Mustache

/// The templates, parsed once.
enum TemplateLibrary {
    /// The HTML of a template.
    static func html(_ name: String, _ fill: Fill) -> String {
        guard let html = library.render(fill, withTemplate: name) else {
            preconditionFailure("there is no template \(name)")
        }
        return html
    }

    private static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for (name, bytes) in templateSources {
            // A partial in the middle of a line brings no line break with it.
            let end = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
            do {
                try library.register(String(decoding: bytes[..<end], as: UTF8.self), named: name)
            } catch {
                preconditionFailure("template \(name): \(error)")
            }
        }
        return library
    }()
}
