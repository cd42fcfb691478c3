extension Refusal {
    /// The sentences about verifications.
    var verificationText: String {
        switch self {
        case .verificationOpen(let name, let stage):
            "stage \(stage) waits for the verification of promotion \(name); end it with waybill "
                + "report --promotion \(name) --result passed, failed, errored or inconclusive"
        case .noVerificationOpen(let project, nil):
            "no verification is open in project \(project); say what the result is about with "
                + "--promotion or --collection"
        case .noVerificationOpen(_, let stage?):
            "no verification is open in stage \(stage); say what the result is about with "
                + "--promotion or --collection"
        case .verificationOver(let name):
            "the verification of promotion \(name) that the steps were performed for is over; see "
                + "waybill describe promotion/\(name)"
        case .severalVerificationsOpen(let names):
            "the verifications of \(list(names)) are open; say with --promotion which one the "
                + "result is about"
        case .promotionNotSucceeded(let name, let phase):
            "promotion \(name) is \(phase), and only what a promotion made a stage run can be "
                + "judged; report on one of waybill get promotions --phase succeeded"
        case .promotionOfRemovedStage(let name, let stage):
            "promotion \(name) belongs to a stage \(stage) that was deleted; report on a promotion "
                + "of the present one, see waybill get promotions --stage \(stage)"
        case .collectionReferenceMalformed(let text):
            "\(text.quotedForDisplay) is no collection; give at least "
                + "\(FreightReference.prefixCountMin) digits of its id, see waybill history "
                + "stage/NAME"
        case .collectionNeverRan(let text, let project):
            "no stage of project \(project) ever ran a collection \(text); see waybill history "
                + "stage/NAME"
        case .ambiguousCollection(let text, let matches):
            "\(text) is the beginning of several collections (\(list(matches.map(\.short)))); give "
                + "more digits, see waybill history stage/NAME"
        case .collectionInSeveralStages(let text, let stages):
            "collection \(text) ran in the stages \(list(stages)); say with --stage which one the "
                + "result is about"
        case .evidenceMalformed(let byteCount):
            "evidence of \(byteCount) bytes cannot be kept; give its address, 1 to "
                + "\(ModelLimits.evidenceByteCountMax) bytes without control characters"
        case .evidenceWithPassword:
            "the address of evidence holds a user or password, and the ledger keeps it for ever; "
                + "leave it out of --evidence"
        case .findingMalformed(let byteCount):
            "a message of \(byteCount) bytes cannot be kept; write 1 to "
                + "\(ModelLimits.findingByteCountMax)"
        default: preconditionFailure("not a refusal about a verification")
        }
    }
}
