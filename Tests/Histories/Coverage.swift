package import PromotionModel

/// What histories came to: which commands were accepted, refused, quiet, and why refused.
package struct Coverage: Sendable {
    /// How often each thing happened to one kind of command.
    package struct Counts: Hashable, Sendable {
        package var accepted = 0
        package var refused = 0
        package var quiet = 0
        /// Under an id that was used before.
        package var repeated = 0
    }

    package private(set) var historyCount = 0
    package private(set) var eventCount = 0
    package private(set) var byKind: [CommandKind: Counts] = [:]
    /// How often each refusal was the answer, by the name of its case.
    package private(set) var refusals: [String: Int] = [:]
    /// How many events of each kind there were.
    package private(set) var events: [EventType: Int] = [:]
    /// Proposals that were asked whether they would be accepted.
    package var proposalCount = 0

    /// Nothing yet.
    package init() {}

    /// All commands.
    package var commandCount: Int {
        byKind.values.reduce(0) { $0 + $1.accepted + $1.refused + $1.quiet + $1.repeated }
    }

    /// The kinds of commands of which none was accepted.
    package var unaccepted: [CommandKind] {
        CommandKind.allCases.filter { (byKind[$0]?.accepted ?? 0) == 0 }
    }

    mutating func note(_ result: CommandResult, of kind: CommandKind) {
        switch result {
        case .events(let drafts):
            byKind[kind, default: Counts()].accepted += 1
            eventCount += drafts.count
            for draft in drafts { events[draft.event.type, default: 0] += 1 }
        case .quiet: byKind[kind, default: Counts()].quiet += 1
        case .refused(let refusal):
            byKind[kind, default: Counts()].refused += 1
            refusals[refusal.caseName, default: 0] += 1
        case .duplicate, .conflict: byKind[kind, default: Counts()].repeated += 1
        }
    }

    /// Adds what one whole history came to.
    package mutating func add(_ other: Coverage) {
        historyCount += 1
        eventCount += other.eventCount
        proposalCount += other.proposalCount
        for (kind, counts) in other.byKind {
            byKind[kind, default: Counts()].accepted += counts.accepted
            byKind[kind, default: Counts()].refused += counts.refused
            byKind[kind, default: Counts()].quiet += counts.quiet
            byKind[kind, default: Counts()].repeated += counts.repeated
        }
        refusals.merge(other.refusals) { $0 + $1 }
        events.merge(other.events) { $0 + $1 }
    }

    /// The sums in a line.
    package var summary: String {
        "\(historyCount) histories, \(commandCount) commands, \(eventCount) events, "
            + "\(proposalCount) proposals"
    }

    /// The counts as a table, and what never happened; `refusals` are all that there are.
    package func report(refusals known: [String]) -> String {
        var lines = [
            summary, "",
            "| command | accepted | refused | quiet | id used before |",
            "|---|---|---|---|---|",
        ]
        for kind in CommandKind.allCases {
            let counts = byKind[kind] ?? Counts()
            lines.append(
                "| \(kind.rawValue) | \(counts.accepted) | \(counts.refused) | \(counts.quiet) "
                    + "| \(counts.repeated) |"
            )
        }
        lines.append("\n| refusal | times |\n|---|---|")
        for (name, count) in refusals.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("| \(name) | \(count) |")
        }
        lines.append("\n| event | times |\n|---|---|")
        for type in EventType.allCases { lines.append("| \(type) | \(events[type] ?? 0) |") }
        func list(_ names: [String]) -> String {
            names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
        }
        let unheard = known.filter { refusals[$0] == nil }
        let unaccepted = unaccepted.map(\.rawValue)
        lines.append("\nCommands that were never accepted: \(list(unaccepted))")
        if known.isEmpty { return lines.joined(separator: "\n") }
        lines.append("Refusals that never occurred: \(list(unheard))")
        return lines.joined(separator: "\n")
    }
}

extension Refusal {
    /// The name of the case, such as `unknownStage`.
    package var caseName: String {
        // Only a case with values tells its name.
        if case .evidenceWithPassword = self { return "evidenceWithPassword" }
        return Mirror(reflecting: self).children.first?.label ?? "\(self)"
    }
}
