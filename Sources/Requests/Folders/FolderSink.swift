/// Takes the next bytes of a file; throws `StagingError` if they cannot be kept.
package typealias FileWriter = (Span<UInt8>) throws -> Void

/// Where the files of a folder go, one after the other: a directory, or an archive.
package protocol FolderSink {
    /// Takes a small file.
    ///
    /// - Throws: `StagingError` if it cannot be kept.
    func write(_ text: String, to name: String) throws

    /// Takes a file piece by piece, as `body` hands it over.
    ///
    /// - Throws: `StagingError` if it cannot be kept, and what `body` throws.
    func stream(
        to name: String,
        _ body: (FileWriter) throws -> Void
    ) throws
}
