import EventLog
import Glibc
import LMDB
import Ledger
import LedgerAPI

/// Export, import and backup of a full ledger.
enum MovementBenchmark {
    /// Uses the ledger of `eventCount` events in `directory`, which is made if it is not there.
    static func run(in directory: String, eventCount: Int) async throws {
        let path = "\(directory)/ledger-\(eventCount)"
        let (ledger, _) = try await LedgerBenchmark.make(at: path, eventCount: eventCount)
        let place = "\(directory)/movement-\(getpid())"
        try StoreDirectory(place).make()
        Output.line("| what | events/s | ratio | wanted | |\n|---|---|---|---|---|")
        let size = try ledger.log.head().position
        let count = Int(size.rawValue)
        let export = try await Measurement.take("export", count) {
            try self.export(ledger, to: place + "/export.jsonl")
        }
        line(export, 100_000)
        try await importAll(place + "/export.jsonl", place + "/imported", count)
        // Of the copy, so that the ledger stays as it was made.
        let imported = try Ledger.open(at: place + "/imported")
        try await backUp(imported, place + "/imported", place)
        await imported.log.close()
        try restore(place)
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
        await ledger.log.close()
    }

    private static func line(_ measurement: Measurement, _ wanted: Double?) {
        Output.line(
            Measurement.line(measurement.name, [measurement.rate], [], against: nil, wanted)
        )
    }

    private static func export(_ ledger: Ledger, to path: String) throws {
        let export = try EventExport(
            ledger,
            origin: "bench",
            from: Position(rawValue: 1),
            through: try ledger.log.head().position
        )
        let file = try StagedFile(for: path)
        try export.write(progress: { _, _ in Memory.sample() }) { bytes throws(StagingError) in
            try file.write(bytes)
        }
        try file.publish()
    }

    /// Imports, and tells of the log and of the projections apart.
    private static func importAll(_ file: String, _ path: String, _ count: Int) async throws {
        try StoreDirectory(path).make()
        let began = ContinuousClock.now
        var projected = began
        let result = try EventImport.make(of: file, in: path) { progress in
            if case .log = progress { projected = .now }
            Memory.sample()
        }
        precondition(result.head.position.rawValue == UInt64(count))
        let ended = ContinuousClock.now
        func rate(_ duration: Duration) -> Double { Double(count) / (duration / .seconds(1)) }
        line(Measurement(name: "import: the log", rate: rate(projected - began)), 100_000)
        line(Measurement(name: "import: its projections", rate: rate(ended - projected)), nil)
        line(Measurement(name: "import", rate: rate(ended - began)), nil)
    }

    /// Restores the backup, as `waybill ledger restore` does: a copy with every hash checked.
    private static func restore(_ place: String) throws {
        let began = ContinuousClock.now
        let staged = try StagedDirectory(for: place + "/restored")
        try staged.copyFile(place + "/backup/data.mdb", to: "copy") { _, _ in Memory.sample() }
        let copy = try LedgerCopy.verified(staged.path + "/copy", in: staged) { _ in
            Memory.sample()
        }
        try staged.publish()
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let rate = Double(copy.head.position.rawValue) / seconds
        line(Measurement(name: "restore", rate: rate), nil)
    }

    // MARK: - Backup

    private static let writerCount = 16
    /// How long the writers are measured before and after a backup.
    private static let span = Duration.seconds(10)

    /// Backs up by another process, as an operator does, while 16 writers write.
    private static func backUp(_ ledger: Ledger, _ path: String, _ place: String) async throws {
        let writers = Writers(ledger)
        let before = try await writers.rate { try await Task.sleep(for: span) }
        let size = try ledger.log.statistics().usedBytes
        let began = ContinuousClock.now
        var told = ""
        let during = await writers.rate {
            told = await BackupChild.start(path, place + "/backup", rate: 64)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let grown = try ledger.log.statistics().usedBytes - size
        let after = try await writers.rate { try await Task.sleep(for: span) }
        await writers.end()
        let alone = (before + after) / 2
        line(Measurement(name: "16 writers alone", rate: alone), nil)
        let ratio = during / alone
        Output.line(
            Measurement.line(
                "16 writers during a backup",
                [during],
                [ratio],
                against: "alone",
                2.0 / 3
            )
        )
        Output.line(
            "\nThe backup took \((seconds * 10).rounded() / 10) s (\(told)); the ledger's file "
                + "grew by \(grown >> 20) MiB meanwhile."
        )
    }
}
