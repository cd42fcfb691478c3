import EventLog

extension Refusal: CustomStringConvertible {
    /// One sentence that says what stands in the way and what to do about it.
    package var description: String { sentence(meant: nil) }

    /// The sentence, with the name that a name which is not known may have meant.
    package func sentence(meant: String?) -> String {
        switch self {
        case .unknownProject, .unknownWarehouse, .unknownStage, .unknownJunction,
            .unknownPromotion, .unknownFreight, .ambiguousFreight, .freightReferenceTooShort,
            .unknownSubject, .positionNotThere:
            unknownText(meant.map { "did you mean \($0)? See" } ?? "see")
        case .manifestProblems(let problems):
            problems.map(\.description).joined(separator: "\n")
        case .nothingDiscovered, .creationWaits, .aliasTaken, .aliasMalformed,
            .freightNotAvailable, .noFreightNamed, .nothingToPromote, .downstreamNotReady,
            .nothingDownstream,
            .originNotRequested, .severalFreightOfOrigin, .regression, .aliasNamesOther,
            .notApproved, .notQuarantined, .metadataKeyMalformed, .metadataTooLarge,
            .reasonNeeded:
            freightText
        case .unknownArtifact, .ambiguousArtifact, .versionGivenTwice, .unknownVersion,
            .ambiguousVersion:
            versionText
        case .stageIsControlFlow, .promotionNotPending, .promotionNotRunning, .promotionEnded,
            .anotherPromotionRuns, .anotherPromotionIsNext, .staleAttempt, .stepOutOfOrder,
            .stepNotStarted, .outputsTooLarge, .inputTooLarge, .nothingAwaited, .inputGiven:
            promotionText
        case .verificationOpen, .verificationOver, .noVerificationOpen, .severalVerificationsOpen,
            .promotionNotSucceeded, .promotionOfRemovedStage, .collectionReferenceMalformed,
            .collectionNeverRan, .ambiguousCollection, .collectionInSeveralStages,
            .evidenceMalformed, .evidenceWithPassword, .findingMalformed:
            verificationText
        case .nothingRanEarlier, .nothingRan, .unknownCollection, .componentNotRequested,
            .originNotInTarget, .quarantinedTarget, .nothingToRestore, .restoreNotRequested,
            .restoreQuarantined, .restoreOfOthersFirst:
            rollbackText
        case .slotsEmpty, .bundleExists, .notVerifiedTogether, .repackagingWaits, .noSlotHeld,
            .junctionNotThere, .heldNothing, .slotNotThere, .notABundle, .noEarlierBundle,
            .slotsNotRestorable:
            junctionText
        case .cannotBeDeleted, .projectStays, .stillNeeded, .clusterTaskNeeded, .unknownTask:
            configurationText
        case .bookmarkMalformed, .noteMalformed, .notRedactable, .alreadyRedacted,
            .nothingToRedact:
            auditText
        case .tokenReserved, .tokenDigestMalformed, .tokenExpiresInPast, .tokenExists,
            .unknownToken, .roleNotHeld, .roleTakesNoStages, .stagePatternMalformed,
            .tooManyPatterns, .tooManyRoles:
            accessText
        case .projectObserved(let project):
            "project \(project) is only observed; run waybill adopt \(project) to let Waybill "
                + "drive it"
        case .promotionUnderWay(let name, let stage):
            "promotion \(name) is under way on stage \(stage); wait until it ends, or end it: "
                + "waybill abort \(name)"
        case .nothingHeld(let stage):
            "automation is not held on stage \(stage), so there is nothing to resume; "
                + "see waybill explain stage/\(stage)"
        }
    }

    private func unknownText(_ see: String) -> String {
        switch self {
        case .unknownProject(let name):
            "there is no project \(name); \(see) waybill get projects"
        case .unknownWarehouse(let name, let project):
            "there is no warehouse \(name) in project \(project); "
                + "\(see) waybill get warehouses --project \(project)"
        case .unknownStage(let name, let project):
            "there is no stage \(name) in project \(project); "
                + "\(see) waybill get stages --project \(project)"
        case .unknownJunction(let name, let project):
            "there is no junction \(name) in project \(project); "
                + "\(see) waybill get junctions --project \(project)"
        case .unknownPromotion(let name, let project):
            "there is no promotion \(name) in project \(project); "
                + "\(see) waybill get promotions --project \(project)"
        case .unknownFreight(let text, let project):
            "no freight in project \(project) is called \(text.quotedForDisplay); "
                + "\(see) waybill get freight --project \(project)"
        case .unknownSubject(let subject, let project):
            "there is no \(subject) in project \(project); \(see) waybill audit "
                + "--project \(project), or name it as in stage/prod or freight/ALIAS"
        case .positionNotThere(let position, let last):
            "there is no event \(position) yet, the last one is \(last); see waybill get events"
        case .ambiguousFreight(let text, let matches):
            "\(text) is the beginning of several ids (\(list(matches.map(\.short)))); "
                + "give more digits or the alias, see waybill get freight"
        case .freightReferenceTooShort(let text):
            "\(text) is too short to name freight; give at least "
                + "\(FreightReference.prefixCountMin) digits or the alias, see "
                + "waybill get freight"
        default: preconditionFailure("not a refusal of something unknown")
        }
    }

    private var freightText: String {
        switch self {
        case .nothingDiscovered(let warehouse, let subscription):
            "nothing was discovered for \(subscription) of warehouse \(warehouse); "
                + "run waybill run, or see waybill describe warehouse/\(warehouse)"
        case .creationWaits(let warehouse, let why):
            "automation makes no freight of warehouse \(warehouse) now: \(why)"
        case .aliasTaken(let alias, let id):
            "the alias \(alias) belongs to freight \(id.short); choose another, or give that one "
                + "another first: waybill alias \(id.short) NAME"
        case .aliasMalformed(let alias):
            "\(alias.quotedForDisplay) cannot be an alias; use up to 63 lower-case letters, "
                + "digits, - and ."
        case .freightNotAvailable(let freight, let subject, let why):
            "freight \(freight) is not available to \(subject): \(why)"
        case .noFreightNamed(let stage):
            "nothing was named that stage \(stage) could get; name freight with "
                + "--freight, see waybill get freight --available-to stage/\(stage)"
        case .nothingToPromote(let from, let to, let missing):
            "not everything that stage \(to) requests is current and verified in stage \(from): "
                + missing.joined(separator: "; ") + "; give --verified-only to go without"
        case .downstreamNotReady(let from, let problems):
            "what is behind stage \(from) cannot have all that is current and verified there: "
                + problems.joined(separator: "; ")
                + "; promote to each by itself, or give --verified-only to go without what is "
                + "not verified"
        case .nothingDownstream(let stage):
            "nothing takes freight from stage \(stage); promote with --stage STAGE"
        case .originNotRequested(let origin, let subject):
            "\(subject) does not request freight of \(origin); "
                + "see waybill describe \(subject)"
        case .severalFreightOfOrigin(let origin):
            "two pieces of freight bring \(origin); name one of them with --freight"
        case .regression(let component, let runs, let would):
            "\(component) runs \(runs), which is newer than \(would) and was put in by itself; "
                + "give --allow-regression to replace it all the same"
        case .aliasNamesOther(let alias, let id):
            "\(alias) is the beginning of an id of freight \(id.short), so it cannot be an alias "
                + "of other freight; choose another, see waybill describe freight/\(id.short)"
        case .notApproved(let freight, let consumer):
            "freight \(freight) is not approved for \(consumer), so there is nothing to revoke; "
                + "see waybill describe freight/\(freight)"
        case .notQuarantined(let freight):
            "freight \(freight) is not quarantined, so there is nothing to lift; "
                + "see waybill describe freight/\(freight)"
        case .metadataKeyMalformed(let key):
            "\(key.quotedForDisplay) cannot be a key of metadata; use 1 to "
                + "\(ModelLimits.metadataKeyByteCountMax) bytes"
        case .metadataTooLarge(let byteCount):
            "the metadata of the freight would be \(byteCount) bytes; at most "
                + "\(ModelLimits.metadataByteCountMax) are kept, so note where it can be found"
        case .reasonNeeded(let what):
            "say why with --reason; Waybill does not \(what) without one"
        default: preconditionFailure("not a refusal about freight")
        }
    }

    private var promotionText: String {
        switch self {
        case .stageIsControlFlow(let stage):
            "stage \(stage) has no steps, freight only passes through; "
                + "promote to those behind it: waybill promote --from \(stage) --downstream"
        case .promotionNotPending(let name, let phase):
            "promotion \(name) is \(phase) and cannot be started; "
                + "see waybill describe promotion/\(name)"
        case .promotionNotRunning(let name, let phase):
            "promotion \(name) is \(phase), not running, so no step of it can be reported; "
                + "see waybill describe promotion/\(name)"
        case .promotionEnded(let name, let phase):
            "promotion \(name) has \(phase) already, so there is nothing to abort; "
                + "see waybill describe promotion/\(name)"
        case .anotherPromotionRuns(let name, let stage):
            "promotion \(name) runs on stage \(stage); wait until it ends, or end it: "
                + "waybill abort \(name)"
        case .anotherPromotionIsNext(let name, let stage):
            "promotion \(name) is first in the queue of stage \(stage); wait for it, or end "
                + "it: waybill abort \(name)"
        case .staleAttempt(let name, let attempt, let current):
            "attempt \(attempt) of promotion \(name) was taken over by attempt \(current); "
                + "stop reporting"
        case .stepNotStarted(let name, let step):
            "step \(step) of promotion \(name) was not started by this attempt; report its start "
                + "first"
        case .stepOutOfOrder(let name, let step, let expected):
            "step \(step) of promotion \(name) is not its turn; step \(expected) is"
        case .outputsTooLarge(let byteCount):
            "the step's outputs are \(byteCount) bytes; at most "
                + "\(ModelLimits.outputByteCountMax) can be kept, so write them to a file"
        case .inputTooLarge(let byteCount, let max):
            "that is \(byteCount) bytes; at most \(max) can be kept, so say where it can be found"
        case .nothingAwaited(let name):
            "promotion \(name) waits for nothing; see waybill describe promotion/\(name)"
        case .inputGiven(let name):
            "promotion \(name) was given something else already; if that was wrong, end it: "
                + "waybill abort \(name)"
        default: preconditionFailure("not a refusal about a promotion")
        }
    }

    private var rollbackText: String {
        switch self {
        case .nothingRanEarlier(let stage):
            "stage \(stage) ran nothing else before what it runs now; "
                + "see waybill history stage/\(stage)"
        case .nothingRan(let stage, let moment):
            "stage \(stage) ran nothing at \(moment); see waybill history stage/\(stage)"
        case .unknownCollection(let text, let stage):
            "stage \(stage) never ran \(text.quotedForDisplay); "
                + "see waybill history stage/\(stage)"
        case .componentNotRequested(let component, let brought, let stage):
            "\(component) was brought by \(brought), which stage \(stage) no longer requests; "
                + "request it again, choose another target, or give --partial to leave it"
        case .originNotInTarget(let origin, let stage):
            "what stage \(stage) ran then had nothing of \(origin); choose another moment, "
                + "see waybill history stage/\(stage)"
        case .nothingToRestore(let project, let position):
            "no stage of project \(project) ran anything at \(position); choose a later moment, "
                + "see waybill audit --project \(project) --type PromotionSucceeded"
        case .restoreNotRequested(_, let components):
            "\(components.joined(separator: "; ")); request them again, choose another moment, or "
                + "give --partial to leave them"
        case .restoreQuarantined(let project, let freight):
            "what project \(project) would run holds \(freight.joined(separator: ", ")); choose "
                + "another moment, or give --allow-quarantined and say why with --reason"
        case .restoreOfOthersFirst(let name, let stages):
            "promotion \(name) is part of a restore and waits for the stages downstream of it "
                + "(\(list(stages))); wait until they end, or end theirs with waybill abort"
        case .quarantinedTarget(let stage, let freight):
            "what stage \(stage) would run holds \(freight.joined(separator: ", ")); "
                + "choose another target, or give --allow-quarantined and say why with --reason"
        default: preconditionFailure("not a refusal about a rollback")
        }
    }

    /// The first ten of them, and how many more there are.
    func list(_ items: [some CustomStringConvertible]) -> String {
        let shown = items.prefix(10).map(\.description).joined(separator: ", ")
        return items.count > 10 ? "\(shown) and \(items.count - 10) more" : shown
    }
}

extension String {
    /// The text in quotation marks, without control characters and cut to 80 characters, so that
    /// hostile input cannot disturb a terminal or fill it.
    package var quotedForDisplay: String {
        let scalars = unicodeScalars.prefix(80).map { scalar -> Character in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return "“\(String(scalars))\(unicodeScalars.count > 80 ? "…" : "")”"
    }
}
