package import EventLog

/// Why the ledger says no: a rule, with the facts that it was applied to.
///
/// A refusal is an answer, not a fault. Deciders check in the order that their documentation
/// says; the first rule that applies is the answer.
package enum Refusal: Hashable, Sendable {
    // What does not exist.
    case unknownProject(ProjectName)
    case unknownWarehouse(WarehouseName, in: ProjectName)
    case unknownStage(StageName, in: ProjectName)
    case unknownJunction(JunctionName, in: ProjectName)
    /// Of a project, or for everybody.
    case unknownTask(TaskName, in: ProjectName?)
    case unknownPromotion(PromotionName, in: ProjectName)
    case unknownFreight(String, in: ProjectName)
    case unknownSubject(Subject, in: ProjectName)
    case positionNotThere(Position, last: Position)
    case ambiguousFreight(String, matches: [FreightID])
    case freightReferenceTooShort(String)

    // What manifests must not say.
    case manifestProblems([GraphProblem])

    // Freight.
    case nothingDiscovered(WarehouseName, subscription: String)
    /// For automation only.
    case creationWaits(WarehouseName, why: String)
    case aliasTaken(String, by: FreightID)
    case aliasMalformed(String)
    case freightNotAvailable(freight: String, to: Subject, why: String)
    case noFreightNamed(StageName)
    case nothingToPromote(from: StageName, to: StageName, missing: [String])
    /// Something behind a stage that cannot have what is current and verified there.
    case downstreamNotReady(from: StageName, problems: [String])
    case nothingDownstream(StageName)
    case originNotRequested(Origin, by: Subject)
    case severalFreightOfOrigin(Origin)
    case regression(component: Origin, runs: String, would: String)

    case aliasNamesOther(String, FreightID)
    case unknownArtifact(String, of: String, known: [String])
    case ambiguousArtifact(String, of: String, matches: [String])
    case versionGivenTwice(String)
    case unknownVersion(String, of: String, kind: ArtifactKind, discovered: [String])
    case ambiguousVersion(String, of: String, matches: [String])
    case quarantinedTarget(StageName, freight: [String])
    case notApproved(freight: String, for: Subject)
    case notQuarantined(freight: String)
    case metadataKeyMalformed(String)
    case metadataTooLarge(byteCount: Int)
    /// Something that is only done with a reason: `quarantine freight`.
    case reasonNeeded(String)

    // Promotions.
    case stageIsControlFlow(StageName)
    case promotionNotPending(PromotionName, phase: PromotionPhase)
    case promotionNotRunning(PromotionName, phase: PromotionPhase)
    case promotionEnded(PromotionName, phase: PromotionPhase)
    case anotherPromotionRuns(PromotionName, on: StageName)
    case anotherPromotionIsNext(PromotionName, on: StageName)
    case staleAttempt(PromotionName, attempt: UInt64, current: UInt64)
    case stepOutOfOrder(PromotionName, step: UInt64, expected: UInt64)
    case stepNotStarted(PromotionName, step: UInt64)
    case outputsTooLarge(byteCount: Int)
    case inputTooLarge(byteCount: Int, max: Int)
    case nothingAwaited(PromotionName)
    case inputGiven(PromotionName)

    // Verification.
    case verificationOpen(PromotionName, on: StageName)
    case noVerificationOpen(ProjectName, stage: StageName?)
    case verificationOver(PromotionName)
    case severalVerificationsOpen([PromotionName])
    case promotionNotSucceeded(PromotionName, phase: PromotionPhase)
    case promotionOfRemovedStage(PromotionName, StageName)
    case collectionReferenceMalformed(String)
    case collectionNeverRan(String, in: ProjectName)
    case ambiguousCollection(String, matches: [CollectionID])
    case collectionInSeveralStages(String, stages: [StageName])
    case evidenceMalformed(byteCount: Int)
    case evidenceWithPassword
    case findingMalformed(byteCount: Int)

    // Rollback.
    case nothingRanEarlier(StageName)
    case nothingRan(StageName, at: String)
    case unknownCollection(String, on: StageName)
    case componentNotRequested(Origin, brought: Origin, by: StageName)
    case originNotInTarget(Origin, on: StageName)

    // Restore.
    case nothingToRestore(ProjectName, at: Position)
    /// Components that nobody requests any more, with their stages.
    case restoreNotRequested(ProjectName, components: [String])
    case restoreQuarantined(ProjectName, freight: [String])
    case restoreOfOthersFirst(PromotionName, stages: [StageName])

    // Junctions.
    case slotsEmpty(JunctionName, origins: [Origin])
    case bundleExists(JunctionName, alias: String)
    /// `requireVerifiedTogether`, and none of these stages verified all of it together.
    case notVerifiedTogether(JunctionName, in: [StageName])
    /// Automation has to wait, a person has not.
    case repackagingWaits(JunctionName, why: String)
    case noSlotHeld(JunctionName)
    case junctionNotThere(JunctionName, at: Position)
    case heldNothing(JunctionName, at: Position)
    case slotNotThere(Origin, of: JunctionName, at: Position)
    case notABundle(String, of: JunctionName)
    case noEarlierBundle(JunctionName)
    /// With a reason for each slot.
    case slotsNotRestorable(JunctionName, at: Position, [String])

    // Configuration.
    case cannotBeDeleted(Subject)
    case projectStays(ProjectName)
    case stillNeeded(Subject, by: [Subject])
    /// The stages with their projects.
    case clusterTaskNeeded(TaskName, by: [String])

    // Audit.
    case bookmarkMalformed(String)
    case noteMalformed(byteCount: Int)
    /// An event of this kind has what later events stand on.
    case notRedactable(Position, EventType)
    case alreadyRedacted(Position, by: Position)
    case nothingToRedact(Position, EventType)

    // Access.
    case tokenReserved(TokenName)
    case tokenDigestMalformed(TokenName)
    case tokenExpiresInPast(TokenName, Timestamp)
    case tokenExists(TokenName)
    case unknownToken(TokenName)
    case roleNotHeld(Principal, Role, ProjectName)
    case roleTakesNoStages(Role)
    case stagePatternMalformed(String, why: String)
    case tooManyPatterns(Int)
    case tooManyRoles(Principal)

    // Projects.
    case projectObserved(ProjectName)
    case promotionUnderWay(PromotionName, on: StageName)

    // Automation.
    case nothingHeld(StageName)
}

/// What came of a command, for rooms that hand commands over without seeing the log.
package enum SubmitOutcome: Sendable {
    case accepted(Receipt)
    /// It was so already.
    case quiet
    case refused(Refusal)
}

/// How rooms that do input and output hand a command to the ledger.
package typealias Submit = @Sendable (Command) async throws -> SubmitOutcome
