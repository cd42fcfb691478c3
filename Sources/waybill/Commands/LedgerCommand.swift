import ArgumentParser
import EventLog
import Ledger

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The ledger itself: its size, its proofs, whether it is sound.",
        discussion: "For example: waybill ledger verify",
        subcommands: [
            LedgerInfo.self, LedgerVerify.self, LedgerVerifyWorker.self, LedgerReplay.self,
            LedgerRebuild.self,
            LedgerKey.self, LedgerCheckpoint.self, LedgerProve.self, LedgerVerifyProof.self,
            LedgerTiles.self, LedgerExport.self, LedgerImport.self, LedgerBackup.self,
            LedgerRestore.self, LedgerRedact.self,
        ]
    )
}
