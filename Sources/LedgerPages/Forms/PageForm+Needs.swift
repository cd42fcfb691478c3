import EventLog
import Ledger
package import PromotionModel

extension PageForm {
    /// What it takes to send the form of a verb.
    ///
    /// The same as what its command needs: a test sends each form, and compares.
    package static func permission(of verb: String) -> Permission {
        switch verb {
        case "derive", "alias": .assemble
        case "approve", "revoke", "quarantine", "unquarantine": .approve
        case "bookmark", "note": .annotate
        case "answer": .answer
        case "mode": .administer
        default: .promote
        }
    }

    /// The need of a form by its hidden fields, which name the stage or junction.
    static func need(
        of verb: String,
        in project: ProjectName,
        _ hidden: [(String, String)]
    ) -> Need {
        let permission = permission(of: verb)
        guard permission == .promote else { return Need(permission, in: project) }
        var target: Consumer?
        for (name, value) in hidden {
            switch name {
            case "stage": target = StageName(rawValue: value).map { .stage($0) } ?? target
            case "junction": target = JunctionName(rawValue: value).map { .junction($0) } ?? target
            case "for": target = Subject(rawValue: value).flatMap { Consumer($0) } ?? target
            default: continue
            }
        }
        return Need(permission, in: project, for: target)
    }
}

extension PageContext {
    /// Why whoever looks may not do something; nil if he may.
    func barred(from needs: [Need]) -> String? {
        guard session.actor != nil else { return "Sign in to do this." }
        guard let missing = needs.first(where: { !session.powers.allow($0) }) else { return nil }
        let sentence = missing.sentence(missingTo: session.principal)
        return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
    }

    /// What a command needs.
    func needs(of command: Command) throws(LedgerError) -> [Need] {
        try view.ask { facts throws(FactsFailure) in try command.needs(facts) }
    }
}
