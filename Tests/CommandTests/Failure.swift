import Testing

/// What a command must be that fails: its exit code, and one golden sentence.
enum Failure {
    /// Checks how a command ended, and what it said, against `fixtures/cli/<folder>/<name>.txt`.
    static func expect(
        _ ending: Ending,
        code: Int,
        _ folder: String,
        _ name: String,
        masking: [(of: String, with: String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let command = Comment(rawValue: ending.command + "\n" + ending.errors)
        #expect(ending.code == code, command, sourceLocation: sourceLocation)
        #expect(ending.output.isEmpty, command, sourceLocation: sourceLocation)
        let isPrintable = ending.errors.unicodeScalars.allSatisfy {
            $0 == "\n" || $0.properties.generalCategory != .control
        }
        #expect(isPrintable, command, sourceLocation: sourceLocation)
        try Golden.expect(
            ending.errors.masked(masking),
            folder,
            name,
            sourceLocation: sourceLocation
        )
    }
}
