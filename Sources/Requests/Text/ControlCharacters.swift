extension String {
    /// Whether a terminal could be disturbed by it.
    package var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
