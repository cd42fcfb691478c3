/// A question that is answered with a folder of files, for somebody who checks them elsewhere.
///
/// What is in it is proved to signed checkpoints, so the ledger is open for writing; no event is
/// recorded.
package protocol FolderQuestion: Request {
    /// What the folder is made of.
    associatedtype Content: FolderContent
    /// What the folder may be called, where there is one of what was asked for.
    var folderName: String { get }

    /// Finds what is asked for, and signs what it is proved to.
    ///
    /// - Throws: what there is no folder of; nothing was signed then.
    func content(_ desk: Desk) async throws -> Content
}

/// What a folder is made of.
package protocol FolderContent: Sendable {
    /// Writes all files; costs reads of the ledger, from one event to all.
    func write(
        to sink: some FolderSink,
        progress: (_ done: UInt64, _ size: UInt64) -> Void
    ) throws
}
