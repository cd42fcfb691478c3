import Foundation
import Testing

/// Files with what the program is expected to say, under `fixtures/cli`.
///
/// `RECORD=1 swift test` writes them anew; the change is then to be read before it is committed.
enum Golden {
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"

    /// Compares `text` with the file `name` in `folder` (such as `cli/errors`).
    static func expect(
        _ text: String,
        _ folder: String,
        _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let directory = "\(Program.root)/fixtures/\(folder)"
        let path = "\(directory)/\(name).txt"
        if isRecording {
            try Files.makeDirectory(directory)
            try Files.write(text, to: path)
        }
        let expected = (try? Files.text(path)) ?? ""
        #expect(text == expected, "fixtures/\(folder)/\(name).txt", sourceLocation: sourceLocation)
    }
}

extension String {
    /// The text with what differs from run to run replaced by words in capitals.
    func masked(_ replacements: [(of: String, with: String)] = []) -> String {
        var text = self
        for replacement in replacements where !replacement.of.isEmpty {
            text = text.replacingOccurrences(of: replacement.of, with: replacement.with)
        }
        let patterns = [
            (#"/tmp/waybill-cli-[A-Za-z0-9]{6}"#, "TEMP"),
            (#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#, "TIME"),
            (#"\b01[0-9a-hjkmnp-tv-z]{24}\b"#, "ULID"),
            (#"process \d+ \(.*?\)(?= holds)"#, "process N (COMMAND)"),
            (#"process \d+"#, "process N"),
            (#""process":\d+"#, #""process":N"#),
        ]
        for (pattern, word) in patterns {
            text = text.replacingOccurrences(
                of: pattern,
                with: word,
                options: .regularExpression
            )
        }
        return text
    }
}
