import EventLog
import PromotionModel

/// Whether automation is asked again wherever its answer changed (design 7.9): the subjects that
/// events concern are all that need to be looked at after a commit.
struct AutomationCheck {
    let before: DictionaryFacts
    let after: DictionaryFacts
    let project: ProjectName
    let now: Timestamp

    /// The first thing that automation should do now, and that nobody would ask it about.
    func finding(after events: [Event]) throws(FactsFailure) -> String? {
        var asked: Set<Subject> = []
        for event in events { asked.formUnion(try after.dependents(of: event, in: project)) }
        let old = NextStepsRule(facts: before, project: project, now: now)
        let new = NextStepsRule(facts: after, project: project, now: now)
        for subject in try after.subjects(in: project) where !asked.contains(subject) {
            let (was, next) = try (old.nextSteps(for: subject), new.nextSteps(for: subject))
            let known = Set(was.commands.map(\.command))
            if let found = next.commands.first(where: { !known.contains($0.command) }) {
                return "\(found) is called for, and nobody asks \(subject) of \(project)"
            }
            if let found = next.running.first(where: { !was.running.contains($0) }) {
                return "\(found) runs, and nobody asks \(subject) of \(project)"
            }
            guard let wakeAt = next.wakeAt else { continue }
            if was.wakeAt.map({ $0 > wakeAt }) ?? true {
                return "\(subject) of \(project) wants to be asked at \(wakeAt.text), not "
                    + "\(was.wakeAt?.text ?? "never"), and nobody asks it"
            }
        }
        return nil
    }
}
