import EventLog
import HTTPTypes
import HummingbirdCore
import Ledger
import NIOCore
import Requests

extension EndpointTable {
    /// Folders for auditors, each as an archive.
    static let folders: [Endpoint] = [
        .folder(
            EvidenceQuestion.self,
            "Everything about one change, with a proof of each event: a folder of files (ustar)."
        ),
        .folder(
            PopulationFolderQuestion.self,
            "The changes of a stage in a period, and what proves that none is missing: a folder of "
                + "files (ustar)."
        ),
    ]
}

extension Endpoint {
    /// An endpoint that answers with a folder of files.
    ///
    /// Headers of other projects' events may be in it, as in tiles, so nobody is let in who is not
    /// signed in.
    static func folder<Asked: FolderQuestion>(_ type: Asked.Type, _ summary: String) -> Endpoint {
        guard case .ofProject(let name) = Asked().place else {
            preconditionFailure("there are folders about projects only")
        }
        return Endpoint(
            .get,
            "/v1/projects/{project}/\(name)",
            tag: "audit",
            summary,
            parameters: Asked.fields.map { Parameter($0, in: .query) },
            admission: .giver
        ) { exchange in
            let words = try exchange.words(of: Asked.self, besides: [])
            return try await exchange.archive(of: try Asked(words: words))
        }
    }
}

extension Exchange {
    /// The folder that answers a question, as an archive.
    func archive(of asked: some FolderQuestion) async throws -> Reply {
        let desk = desk(.value)
        let content = try await asked.content(desk)
        let log = core.ledger.log
        let archive = try await core.pool.run {
            let milliseconds = try log.head().recorded.milliseconds(since: .epoch)
            let archive = try Archive(in: log.path, at: UInt64(clamping: milliseconds) / 1000)
            try content.write(to: archive) { _, _ in }
            try archive.finish()
            return archive
        }
        var reply = Reply(.ok)
        reply.headers[.contentType] = "application/x-tar"
        reply.headers[.cacheControl] = "no-store"
        reply.headers[.contentDisposition] = "attachment; filename=\"\(asked.folderName).tar\""
        let byteCount = Int(clamping: archive.byteCount)
        reply.body = .stream(byteCount: byteCount) { [archive, sender = patientWriter] writer in
            var offset: UInt64 = 0
            while true {
                let piece = try archive.piece(at: offset)
                if piece.readableBytes == 0 { break }
                offset += UInt64(piece.readableBytes)
                try await sender.write(piece, to: &writer)
            }
            try await writer.finish(nil)
        }
        return reply
    }

    /// Writes to whoever asked, as long as he takes it.
    var patientWriter: PatientWriter {
        PatientWriter(channel: channel, patience: core.settings.readerPatience)
    }
}
