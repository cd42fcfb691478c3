import EventLog

/// A file that pages refer to: style sheet, module, icon.
///
/// Its name has a hash of its content, so that browsers may keep it for ever.
package struct Asset: Hashable, Sendable {
    /// As in `style.3f9a1c22b7d0.css`.
    package let name: String
    package let contentType: String
    package let bytes: [UInt8]

    /// The path that it is served at.
    package var path: String { "/assets/\(name)" }

    /// All of them.
    package static let all: [Asset] = [
        style, icon, keys, live, timeMachine, verify, copy,
    ]

    /// The asset of that name; nil if there is none, or none of that content any more.
    package static func named(_ name: String) -> Asset? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static let style = Asset("style.css", PackageResources.style_css)
    static let icon = Asset("icon.svg", PackageResources.icon_svg)
    static let keys = Asset("keys.js", PackageResources.keys_js)
    static let live = Asset("live.js", PackageResources.live_js)
    static let timeMachine = Asset("time-machine.js", PackageResources.time_machine_js)
    static let verify = Asset("verify.js", PackageResources.verify_js)
    static let copy = Asset("copy.js", PackageResources.copy_js)

    private init(_ file: String, _ bytes: [UInt8]) {
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let hash = Digest.sha256(bytes).hex.prefix(12)
        name = "\(file[..<dot]).\(hash)\(file[dot...])"
        self.bytes = bytes
        contentType =
            switch file[dot...] {
            case ".css": "text/css; charset=utf-8"
            case ".js": "text/javascript; charset=utf-8"
            default: "image/svg+xml"
            }
    }
}
