import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI
import Transparency

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The ledger itself: its size, its proofs, whether it is sound.",
        discussion: "For example: waybill ledger verify",
        subcommands: [
            LedgerInfo.self, LedgerVerify.self, LedgerReplay.self, LedgerCheckpoint.self,
        ]
    )
}

struct LedgerInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Size, root and store of the ledger.",
        discussion: "For example: waybill ledger info"
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let session = try Session(reading: options)
        let log = session.ledger.log
        let statistics = try log.statistics()
        try session.read { view, _ in
            let root = view.snapshot.root.hex
            let head = view.snapshot.head
            let facts: [(String, String, Value)] = [
                ("id", "\(log.id)", .string("\(log.id)")),
                ("path", log.path, .string(log.path)),
                ("events", "\(head.position.rawValue)", .int(Int64(head.position.rawValue))),
                ("root", root, .string(root)),
                ("recorded", head.recorded.text, .string(head.recorded.text)),
                (
                    "usedBytes", "\(statistics.usedBytes)",
                    .int(Int64(clamping: statistics.usedBytes))
                ),
                (
                    "mapSizeBytes", "\(statistics.mapSizeBytes)",
                    .int(Int64(clamping: statistics.mapSizeBytes))
                ),
                ("readers", "\(statistics.readerCount)", .int(Int64(statistics.readerCount))),
            ]
            guard !options.isStructured else {
                return session.show(Shape.object(facts.map { ($0.0, $0.2) }))
            }
            var table = TextTable(["WHAT", "VALUE"])
            for fact in facts { table.add([fact.0, fact.1]) }
            Output.text(table.text)
        }
    }
}

struct LedgerVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every position, hash, tree node and command id.",
        discussion: "For example: waybill ledger verify"
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let session = try Session(reading: options)
        let progress = ProgressBar("verify")
        let findings: [VerificationFinding]
        do throws(EventLogError) {
            findings = try session.ledger.log.verify { progress.show($0, of: $1) }
        } catch {
            throw CommandFailure(.log(error))
        }
        progress.end()
        let head = try session.ledger.log.head().position
        try Findings.tell(findings, options, sound: "\(head.rawValue) events are sound")
    }
}

struct LedgerReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rebuild every projection from the log, and compare it byte for byte.",
        discussion: "For example: waybill ledger replay"
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let session = try Session(reading: options)
        let scratch = try WorkDirectories.makeTemporary("waybill-replay-")
        defer { WorkDirectories.remove(scratch) }
        let progress = ProgressBar("replay")
        let result = try session.ledger.replay(into: scratch) { progress.show($0, of: $1) }
        progress.end()
        try Findings.tell(
            result.findings,
            options,
            sound: "\(result.eventCount) events make \(result.rowCount) rows, all as stored"
        )
    }
}

/// Tells what is wrong with a ledger.
enum Findings {
    /// Prints a verdict; anything that is wrong ends with exit code 5.
    static func tell(
        _ findings: [VerificationFinding],
        _ options: LedgerOptions,
        sound: String
    ) throws {
        if options.isStructured {
            options.show([
                "sound": .bool(findings.isEmpty),
                "findings": .array(
                    findings.map { finding in
                        Shape.object([
                            ("table", .string(finding.table)), ("what", .string(finding.what)),
                            (
                                "position",
                                finding.position.map { .int(Int64($0.rawValue)) } ?? .null
                            ),
                        ])
                    }
                ),
            ])
        } else if findings.isEmpty {
            Output.line("OK: \(sound)")
        } else {
            for finding in findings { Output.line("\(finding)") }
        }
        guard findings.isEmpty else {
            let count = findings.count == 1 ? "1 finding" : "\(findings.count) findings"
            throw CommandFailure(
                .integrity,
                "integrity",
                "the ledger in \(options.path) is not sound (\(count)); restore it from a backup"
            )
        }
    }
}

struct LedgerCheckpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Size and root of the log at a moment, as a C2SP tlog-checkpoint body.",
        discussion: "For example: waybill ledger checkpoint --at '#1234'"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    func run() throws {
        let session = try Session(reading: options)
        try session.read(at: try moment.reference()) { view, _ in
            let root: Digest
            do throws(EventLogError) {
                root = try view.snapshot.root(at: view.moment.position)
            } catch {
                throw CommandFailure(.log(error))
            }
            let size = view.moment.position.rawValue
            let origin = "waybill/\(session.ledger.log.id)"
            guard let checkpoint = Checkpoint(origin: origin, size: size, root: root) else {
                preconditionFailure("a ledger id makes an origin without line breaks")
            }
            guard !options.isStructured else {
                return session.show([
                    "origin": .string(origin), "size": .int(Int64(size)),
                    "root": .string(root.hex),
                ])
            }
            Output.text(checkpoint.text)
        }
    }
}
