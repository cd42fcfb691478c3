import EventLog
import PromotionModel

/// What the rules say about facts, as lines: availability, candidates, next steps.
enum Answers {
    /// The newest freight that availability is asked of, for each request.
    private static let freightCountMax = 12

    /// All answers at a time.
    static func all(
        of facts: some Facts,
        at now: Timestamp
    ) throws(FactsFailure) -> Picture {
        var picture = Picture()
        for project in try facts.projects() {
            for stage in try facts.stages(in: project) {
                let requests = try facts.stage(stage, in: project)?.spec.requestedFreight ?? []
                for request in requests {
                    try add(
                        request,
                        request.selection,
                        .stage(stage),
                        facts,
                        project,
                        now,
                        &picture
                    )
                }
            }
            for junction in try facts.junctions(in: project) {
                let spec = try facts.junction(junction, in: project)?.spec ?? JunctionSpec()
                for request in spec.requestedFreight {
                    let consumer = Consumer.junction(junction)
                    try add(request, spec.selection, consumer, facts, project, now, &picture)
                }
            }
            for subject in try facts.subjects(in: project) {
                let next = try NextStepsRule(facts: facts, project: project, now: now)
                    .nextSteps(for: subject)
                let commands = next.commands.map { "\($0.commandID): \($0.because)" }
                picture.add(
                    "next of \(subject) in \(project)",
                    "\(commands) \(next.running) \(next.wakeAt?.text ?? "never")"
                )
            }
        }
        return picture
    }

    private static func add(
        _ request: RequestedFreight,
        _ selection: SelectionPolicy,
        _ consumer: Consumer,
        _ facts: some Facts,
        _ project: ProjectName,
        _ now: Timestamp,
        _ picture: inout Picture
    ) throws(FactsFailure) {
        let candidate = try CandidateRule(facts: facts, project: project, now: now)
            .candidate(for: request, of: consumer, selection: selection)
        picture.add(
            "candidate of \(request.origin) for \(consumer) in \(project)",
            "\(candidate.freight?.id.short ?? "none") \(candidate.wakeAt?.text ?? "never")"
        )
        let rule = AvailabilityRule(facts: facts, project: project, now: now)
        let entries = try facts.freight(
            of: request.origin,
            in: project,
            before: Position(rawValue: .max),
            limit: freightCountMax
        )
        for entry in entries {
            guard let freight = try facts.freight(entry.freight, in: project) else { continue }
            let availability = try rule.availability(of: freight, to: consumer)
            picture.add(
                "\(freight.id.short) to \(consumer) in \(project)",
                "\(availability)"
            )
        }
    }
}
