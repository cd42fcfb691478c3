package import EventLog
package import PromotionModel

/// Something about a change that an auditor should look at.
///
/// A finding is a fact and no verdict: an emergency may need every one of them.
package enum ChangeFinding: Hashable, Sendable {
    /// The author of a commit in it approved or asked for the change, and nobody else did.
    case authorDecidedAlone(actor: String, author: String)
    /// Freight in it had neither been approved for the stage nor verified anywhere.
    case neitherApprovedNorVerified(FreightID)
    /// Freight in it counts as verified although nobody looked.
    case verifiedUnseen(FreightID, in: [StageName])
    /// Automation was held for an origin that it changes.
    case madeWhileHeld(Origin, by: String)
    /// Nobody but the person themself says who asked or approved.
    case identityAsserted(actor: String)
    /// It took quarantined freight along.
    case quarantinedAllowed
    /// It did not end well, and may have changed something all the same.
    case leftUncertain([Origin])
    /// Words of one of its events were erased.
    case redacted(Position, by: Position)

    /// A name for programs, which does not change.
    package var code: String {
        switch self {
        case .authorDecidedAlone: "authorDecidedAlone"
        case .neitherApprovedNorVerified: "neitherApprovedNorVerified"
        case .verifiedUnseen: "verifiedUnseen"
        case .madeWhileHeld: "madeWhileHeld"
        case .identityAsserted: "identityAsserted"
        case .quarantinedAllowed: "quarantinedAllowed"
        case .leftUncertain: "leftUncertain"
        case .redacted: "redacted"
        }
    }

    /// The finding as a sentence.
    package var text: String {
        switch self {
        case .authorDecidedAlone(let actor, let author):
            "\(actor) decided alone about a change whose author is \(author)"
        case .neitherApprovedNorVerified(let freight):
            "freight \(freight.rawValue.prefix(7)) was neither approved for the stage nor "
                + "verified anywhere before"
        case .verifiedUnseen(let freight, let stages):
            "freight \(freight.rawValue.prefix(7)) counts as verified in "
                + stages.map(\.rawValue).joined(separator: " and ") + " although nobody looked"
        case .madeWhileHeld(let origin, let actor):
            "automation was held for \(origin) by a choice of \(actor)"
        case .identityAsserted(let actor):
            "nobody but the caller says that it was \(actor)"
        case .quarantinedAllowed: "quarantined freight was allowed to go along"
        case .leftUncertain(let origins):
            "it did not succeed and may have changed "
                + origins.map(\.name).joined(separator: ", ")
        case .redacted(let position, let redaction):
            "event \(position) was redacted by event \(redaction)"
        }
    }
}

extension ChangeRecord {
    /// Who decided about the change: whoever asked for it and whoever approved freight in it for
    /// the stage; automation is nobody.
    var deciders: [EventActor] {
        let approvers = approvals.filter { $0.consumer == .stage(promotion.stage) }.map(\.actor)
        return (approvers + [requested.actor]).filter { $0.assurance != .automation }
    }

    /// What is to be said about it; `held` are the holds that stood when it was asked for.
    func findings(held: [AutomationHold], uncertain: [Origin]) -> [ChangeFinding] {
        var findings: [ChangeFinding] = []
        if let alone = loneAuthor {
            findings.append(.authorDecidedAlone(actor: alone.actor, author: alone.author))
        }
        findings += changes.flatMap { freightFindings($0) }
        let origins = Set(changes.map(\.change.origin))
        for hold in held where origins.contains(hold.origin) {
            findings.append(.madeWhileHeld(hold.origin, by: hold.actor))
        }
        var asserted: [String] = []
        for actor in deciders where actor.assurance == .asserted {
            if !asserted.contains(actor.name) { asserted.append(actor.name) }
        }
        findings += asserted.sorted().map { .identityAsserted(actor: $0) }
        if promotion.allowsQuarantined { findings.append(.quarantinedAllowed) }
        if !uncertain.isEmpty { findings.append(.leftUncertain(uncertain)) }
        return findings
    }

    /// Whoever decided alone, where that is the author of a commit that is new in the stage.
    private var loneAuthor: (actor: String, author: String)? {
        let names = Set(deciders.map(\.name))
        guard names.count == 1, let actor = names.first else { return nil }
        for component in changes where !component.hasRunBefore {
            for artifact in component.to?.artifacts ?? [] {
                guard let author = artifact.commit?.author,
                    CommitAuthor(author).isProbably(actor)
                else { continue }
                return (actor, author)
            }
        }
        return nil
    }

    private func freightFindings(_ component: ChangedComponent) -> [ChangeFinding] {
        // What ran here before was judged when it came.
        guard let freight = component.to, !component.hasRunBefore else { return [] }
        let isApproved = approvals.contains { approval in
            approval.consumer == .stage(promotion.stage)
                && (approval.freight == freight.id || isCarrier(approval.freight, of: freight.id))
        }
        if isApproved { return [] }
        guard !component.verified.isEmpty else {
            return [.neitherApprovedNorVerified(freight.id)]
        }
        // One stage in which somebody looked is enough.
        guard component.verified.allSatisfy(\.isUnseen) else { return [] }
        return [.verifiedUnseen(freight.id, in: Set(component.verified.map(\.stage)).sorted())]
    }

    private func isCarrier(_ bundle: FreightID, of leaf: FreightID) -> Bool {
        after.components.contains { $0.freight == leaf && $0.carrier == bundle }
    }
}

/// The author of a commit, `Name <address>`.
struct CommitAuthor {
    private let name: String
    private let address: String

    init(_ text: String) {
        let parts = text.split(separator: "<", maxSplits: 1)
        name = parts.first.map { Self.trimmed($0) } ?? ""
        address =
            parts.count > 1 ? Self.trimmed(parts[1].prefix { $0 != ">" }) : ""
    }

    /// Whether an actor of the ledger goes by the author's name, address, or the address's part
    /// before the `@`; letters of either case are the same.
    func isProbably(_ actor: String) -> Bool {
        let actor = actor.lowercased()
        let local = address.prefix { $0 != "@" }
        return [name, address, String(local)].contains { !$0.isEmpty && $0.lowercased() == actor }
    }

    private static func trimmed(_ text: Substring) -> String {
        let head = text.drop { $0 == " " }
        return String(head.prefix(head.count - head.reversed().prefix { $0 == " " }.count))
    }
}
