import EventLog
import Ledger
import LedgerClient
import LMDB
import PromotionModel
import Requests

/// A folder of files for auditors, which is there when it is complete, or not at all.
final class AuditFolder: FolderSink {
    private let staged: StagedDirectory
    /// The files that are in it.
    private var names: [String] = []

    private init(staged: StagedDirectory) {
        self.staged = staged
    }

    /// Makes the folder that answers a question, of the ledger here or by a server; returns the
    /// names of its files.
    ///
    /// - Throws: a failure that says so if there is anything at the place.
    static func make(
        _ asked: some FolderQuestion,
        at path: String,
        _ options: LedgerOptions
    ) async throws -> [String] {
        if let address = try options.serverAddress() {
            try checkFree(path)
            let desk = RemoteDesk(address, options.choice, .value)
            let archive = try await desk.archive(asked, beside: path)
            return try make(at: path) { folder in try archive.unpack(into: folder) }
        }
        let session = try Session(writing: options)
        let content = try await asked.content(session.desk)
        let bar = ProgressBar("headers")
        let names = try make(at: path) { folder in
            defer { bar.end() }
            try content.write(to: folder) { bar.show($0, of: $1) }
        }
        await session.ledger.log.close()
        return names
    }

    /// Makes the folder, hands it to `body`, and puts it in its place.
    private static func make(
        at path: String,
        _ body: (AuditFolder) throws -> Void
    ) throws -> [String] {
        let (staged, guardian) = try StopGuard.making {
            try begin(path)
        } discard: {
            $0.discard()
        }
        do {
            let folder = AuditFolder(staged: staged)
            try body(folder)
            try guardian.finish { () throws(StagingError) in try staged.publish() }
            return folder.names
        } catch {
            staged.discard()
            throw error
        }
    }

    /// That there is nothing at the place, before a server does the work.
    private static func checkFree(_ path: String) throws(CommandFailure) {
        do throws(StagingError) {
            try StagedDirectory.checkFree(path)
        } catch {
            throw failure(error, path)
        }
    }

    private static func begin(_ path: String) throws(CommandFailure) -> StagedDirectory {
        do throws(StagingError) {
            return try StagedDirectory(for: path, allowsEmptyDirectory: false)
        } catch {
            throw failure(error, path)
        }
    }

    private static func failure(_ error: StagingError, _ path: String) -> CommandFailure {
        let failure = CommandFailure(error)
        let sentence: String
        switch error.code {
        case .exists:
            sentence = "\(path.quotedForDisplay) is there already; name a new directory with --out"
        case .noParent:
            sentence =
                "\(path.quotedForDisplay) cannot be made: the directory above it does not exist; "
                + "make that first, or name another with --out"
        case .busy, .diskFull, .permission, .readOnly, .missing, .other: return failure
        }
        return CommandFailure(failure.exitCode, failure.name, sentence)
    }

    /// Writes a small file.
    func write(_ text: String, to name: String) throws(StagingError) {
        try staged.write(text, to: name)
        names.append(name)
    }

    /// Writes a file piece by piece, as `body` hands it over.
    func stream(
        to name: String,
        _ body: (FileWriter) throws -> Void
    ) throws {
        let file = try StagedFile(for: staged.path + "/" + name)
        do {
            try body { bytes in try file.write(bytes) }
            try file.publish()
            names.append(name)
        } catch {
            file.discard()
            throw error
        }
    }
}
