package import EventLog
import PromotionModel

/// Tells whether payloads that were erased may be.
package enum ErasureCheck {
    /// What is wrong with the erasing of these events' payloads.
    ///
    /// No event of this version says that a payload was erased, so none may be.
    package static func findings(_ erased: [Position]) -> [VerificationFinding] {
        erased.map { position in
            VerificationFinding(
                position: position,
                table: "payloads",
                rule: "erased",
                what: "was erased, and no event says so"
            )
        }
    }
}
