/// Bounds on everything that goes into the log.
package struct Limits: Hashable, Sendable {
    /// Bytes of a project's name: a DNS label.
    package static let projectByteCountMax = 63
    /// Bytes of a subject: a kind, a slash and a name of 253 bytes, and room.
    package static let subjectByteCountMax = 320
    /// Bytes of an actor's name.
    package static let actorByteCountMax = 256
    /// Bytes of each part of an `EventSource`.
    package static let sourceByteCountMax = 256
    /// Bytes of a command id.
    package static let commandIDByteCountMax = 64
    /// Bytes of an encoded header.
    ///
    /// Texts: 63 + 320 + 256 + 2 × 256 + 64 = 1,215. Digests: 64. Eleven numbers of at most 10
    /// bytes, seventeen tags and eight lengths of at most 2 bytes: 160. Together under 1,500, so
    /// the bound is never met; it is what a reader may rely on.
    package static let headerByteCountMax = 4096
    /// Bytes of a payload.
    package static let payloadByteCountMax = 8 << 20

    /// Submissions that wait for the writer.
    ///
    /// At 1 KiB each they hold 4 MiB.
    package var queueCountMax = 4096
    /// Events of one command, and of one batch before the next submission is left to the next.
    ///
    /// An event changes at most some 30 pages with its projections: 2 × 4,096 × 4 stays under the
    /// 131,071 pages that one LMDB transaction may change, because most changes share pages.
    package var batchEventCountMax = 4096
    /// Bytes of one command's rows, and of one batch's before the rest is left to the next.
    ///
    /// Twice that is 8,192 pages.
    package var batchByteCountMax = 16 << 20

    /// The limits of a ledger; tests make smaller ones.
    package init() {}
}
