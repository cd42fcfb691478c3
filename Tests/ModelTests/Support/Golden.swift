import Foundation
import Testing

/// Files that say what bytes and texts have been, so that nothing changes unseen.
enum Golden {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whether files are written instead of compared (`RECORD=1`).
    static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD"] == "1" }

    /// Compares `text` with the file at a path from the top of the project.
    static func expect(
        _ text: String,
        in path: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = root.appendingPathComponent(path)
        if isRecording {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try? String(contentsOf: file, encoding: .utf8)
        #expect(
            text == expected,
            "\(path) differs; if that is meant, run the test with RECORD=1 and review",
            sourceLocation: sourceLocation
        )
    }

    /// The text of a file; nil if it is not there.
    static func text(of path: String) -> String? {
        try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
}
