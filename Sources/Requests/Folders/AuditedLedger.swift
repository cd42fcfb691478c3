import EventLog
import Ledger
import Transparency

/// The ledger's name and key, as files for auditors tell them.
struct AuditedLedger {
    let id: LedgerID
    let key: VerifierKey

    /// What a ledger says of itself.
    init(_ desk: Desk) throws {
        id = desk.ledger.log.id
        let keys = try desk.readLog { snapshot in try snapshot.verifierKeys() }
        guard let key = keys.first else {
            throw CommandFailure.notFound(
                "the ledger has no signing key, so nothing can be proved; make one with waybill "
                    + "ledger key --make"
            )
        }
        self.key = key
    }

    /// How to come by the key, for a README.
    var keyNote: String {
        """
        VKEY is the ledger's verifier key, which you must have by a way that the operator cannot
        change later. The ledger itself says that it is

            \(key.text)

        """
    }
}
