import AsyncHTTPClient
import LMDB
import NIOCore
package import Requests

/// A folder of files as a server sends it: an archive in ustar form, kept in a file without a name.
package struct DownloadedArchive: Sendable {
    let file: UnnamedFile

    /// Writes its files into a folder.
    ///
    /// - Throws: if it is no archive, or not a whole one; then the folder is not complete.
    package func unpack(into sink: some FolderSink) throws {
        var offset: UInt64 = 0
        while true {
            let block = try file.read(at: offset, count: TarHeader.blockByteCount)
            offset += UInt64(block.count)
            if block.count == TarHeader.blockByteCount, block.allSatisfy({ $0 == 0 }) { return }
            guard let header = TarHeader(block: block) else { throw Self.broken }
            let end = offset + header.byteCount
            guard end <= file.byteCount else { throw Self.broken }
            try sink.stream(to: header.name) { write in
                while offset < end {
                    let count = min(UInt64(Self.pieceByteCount), end - offset)
                    let piece = try file.read(at: offset, count: Int(count))
                    try write(piece.span)
                    offset += UInt64(piece.count)
                }
            }
            offset += UInt64(header.paddingByteCount)
        }
    }

    private static let pieceByteCount = 1 << 17

    private static var broken: CommandFailure {
        CommandFailure(
            .failure,
            "noServer",
            "what the server sent is no whole folder of files; ask again, and look whether "
                + "--server names a waybill serve"
        )
    }
}

extension RemoteDesk {
    /// The folder that answers a question, kept on the file system of the place where it goes.
    package func archive(
        _ asked: some FolderQuestion,
        beside place: String
    ) async throws -> DownloadedArchive {
        var message = ServerConnection.Message(path: try path(of: asked.place))
        message.query = Self.query(of: asked.words)
        message.accepted = "application/x-tar"
        let file = try UnnamedFile(in: StagedDirectory.parent(of: place))
        let response = try await connection.begin(message, deadline: .now() + .hours(1))
        try await connection.telling {
            for try await piece in response.body {
                try file.append(Array(piece.readableBytesView).span)
            }
        }
        return DownloadedArchive(file: file)
    }
}
