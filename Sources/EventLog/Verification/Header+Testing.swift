extension Header {
    /// Whether verification takes these bytes for a header.
    ///
    /// Not intended to be used outside the test target.
    package static func isCanonical(_ bytes: [UInt8]) -> Bool {
        let bytes = bytes
        return HeaderView(canonical: bytes.span) != nil
    }
}
