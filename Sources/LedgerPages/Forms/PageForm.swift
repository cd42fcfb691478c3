package import PromotionModel

/// What a form of a page asks for, in the words of who filled it in.
///
/// Names of freight, versions and moments are texts, resolved where the command line resolves
/// them too. `docs/PAGES.md` lists the verbs with their fields.
package enum PageForm: Hashable, Sendable {
    /// Puts freight into a stage.
    case promote(StageName, freight: [String], now: Bool, allowsRegression: Bool)
    /// Sends what is verified in a stage to all that takes from it.
    case promoteVerified(StageName, verifiedOnly: Bool)
    /// Brings a stage back; `to` is a moment, `previous`, `collection/ID` or an alias.
    case rollBackStage(StageName, to: String, origin: String?, allows: Set<Allowance>)
    /// Brings the slots of a junction back; `to` is a moment, `previous` or a bundle.
    case rollBackJunction(JunctionName, to: String, allows: Set<Allowance>)
    /// Brings the project back to a moment.
    case restore(to: String, allows: Set<Allowance>)
    /// Ends a promotion.
    case abort(PromotionName)
    /// Gives a promotion what its step waits for.
    case answer(PromotionName, step: UInt64?, value: String)
    /// Lets automation go on in a stage or junction; nil for all origins.
    case resume(Consumer, origin: String?)
    /// Fills slots of a junction; empty to fill each by its selection.
    case collect(JunctionName, freight: [String])
    /// Makes a bundle.
    case repackage(JunctionName, alias: String?)
    /// Makes freight that differs in the named artifacts.
    case derive(String, versions: [ArtifactVersion])
    /// Lets a stage or junction have freight.
    case approve(String, for: Consumer)
    /// Takes that back.
    case revoke(String, for: Consumer)
    /// Keeps freight from going anywhere.
    case quarantine(String)
    /// Lets it go on.
    case unquarantine(String)
    /// Gives freight another name.
    case alias(String, name: String)
    /// Names a moment; nil for now.
    case bookmark(String, at: String?)
    /// Writes something down about a thing.
    case note(Subject, text: String)
    /// Says how a verification ended.
    case report(PromotionName, result: ReportedResult, evidence: String?, message: String?)
    /// Lets Waybill drive the project, or only observe it.
    case mode(ProjectMode)

    /// A version that is wanted of one artifact, as it was typed.
    package struct ArtifactVersion: Hashable, Sendable {
        /// A subscription or repository, behind `Warehouse/NAME:` where it must be.
        package let artifact: String
        package let version: String
    }

    /// What a rollback may do only where somebody says so.
    package enum Allowance: String, CaseIterable, Hashable, Sendable {
        /// Quarantined freight comes back.
        case quarantined
        /// What is no longer requested stays as it is.
        case partial
    }

    /// The last segment of the action: `/p/PROJECT/do/VERB`.
    package var verb: String {
        switch self {
        case .promote: "promote"
        case .promoteVerified: "promote-verified"
        case .rollBackStage: "roll-back-stage"
        case .rollBackJunction: "roll-back-junction"
        case .restore: "restore"
        case .abort: "abort"
        case .answer: "answer"
        case .resume: "resume"
        case .collect: "collect"
        case .repackage: "repackage"
        case .derive: "derive"
        case .approve: "approve"
        case .revoke: "revoke"
        case .quarantine: "quarantine"
        case .unquarantine: "unquarantine"
        case .alias: "alias"
        case .bookmark: "bookmark"
        case .note: "note"
        case .report: "report"
        case .mode: "mode"
        }
    }

    /// Whether somebody must say why: it takes something away that others rely on.
    package var needsReason: Bool {
        switch self {
        case .rollBackStage, .rollBackJunction, .restore, .quarantine, .unquarantine: true
        case .promote, .promoteVerified, .abort, .answer, .resume, .collect, .repackage, .derive,
            .approve, .revoke, .alias, .bookmark, .note, .report, .mode:
            false
        }
    }

    /// The path that the form of a verb is sent to.
    package static func action(_ verb: String, in project: ProjectName) -> String {
        "/p/\(PercentEncoding.encode(project.rawValue))/do/\(verb)"
    }

    /// The path that signing in is sent to, with the field `token`.
    package static let signInAction = "/sign-in"

    /// The path that signing out is sent to.
    package static let signOutAction = "/sign-out"
}
