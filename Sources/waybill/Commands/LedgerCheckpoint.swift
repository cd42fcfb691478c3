import ArgumentParser
import EventLog
import Expressions
import Ledger
import Transparency

struct LedgerCheckpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Size and root of the log at a moment, as a C2SP tlog-checkpoint body.",
        discussion: """
            Origin, size and root; it is not signed.

            For example: waybill ledger checkpoint --at '#1234'
            """
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
