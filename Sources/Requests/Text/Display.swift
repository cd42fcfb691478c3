package import EventLog
package import Ledger
package import PromotionModel

/// How things are called in tables.
package struct Display {
    let view: View
    let project: ProjectName

    /// How things of a project are called at the moment of a view.
    package init(view: View, project: ProjectName) {
        self.view = view
        self.project = project
    }

    /// Freight by its alias, or by seven digits.
    package func name(_ id: FreightID?) throws -> String {
        guard let id else { return "-" }
        let status = try view.ask { facts throws(FactsFailure) in
            try facts.freightStatus(id, in: project)
        }
        return status.alias.isEmpty ? id.short : status.alias
    }

    /// The version that freight of a warehouse brings, in a few characters.
    package func version(_ id: FreightID?) throws -> String {
        guard let id else { return "-" }
        let freight = try view.ask { facts throws(FactsFailure) in
            try facts.freight(id, in: project)
        }
        return freight?.artifacts.first?.shortVersion ?? "-"
    }

    /// How long ago, in one unit: `42s`, `5m`, `3h`, `12d`.
    package func age(_ time: Timestamp?) -> String {
        guard let time else { return "-" }
        return Self.duration(view.moment.time.milliseconds(since: time))
    }

    /// A duration in one unit.
    package static func duration(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    /// How something was judged, in a word; `implicit` and `assumed` where nobody looked.
    static func judgement(_ record: VerificationRecord?) -> String {
        guard let record else { return "-" }
        return record.implicit ? "implicit" : record.assumed ? "assumed" : record.result.word
    }

    /// The change of a component, in a row: origin, change, from, to.
    package func row(_ change: ComponentChange) throws -> [String] {
        [
            change.origin.name, Self.word(change), try version(change.from),
            try version(change.to), try name(change.to ?? change.from),
        ]
    }

    /// What happens to a component; what is removed may not be there.
    private static func word(_ change: ComponentChange) -> String {
        change.isUncertain && change.kind != .uncertain
            ? "\(change.kind), uncertain" : "\(change.kind)"
    }

    /// A change set as a table.
    package func table(_ changes: [ComponentChange]) throws -> String {
        var table = TextTable(["COMPONENT", "CHANGE", "FROM", "TO", "FREIGHT"])
        for change in changes { table.add(try row(change)) }
        return table.text
    }

    /// A change set as a table, artifact by artifact where a component has several that change.
    package func detailedTable(_ changes: [ComponentChange]) throws -> String {
        var table = TextTable(["COMPONENT", "CHANGE", "FROM", "TO", "FREIGHT"])
        for change in changes {
            let artifacts = try view.artifactChanges(of: change, in: project)
            guard let first = artifacts.first else {
                table.add(try row(change))
                continue
            }
            table.add([
                change.origin.name, Self.word(change), first.from?.shortVersion ?? "-",
                first.to?.shortVersion ?? "-", try name(change.to ?? change.from),
            ])
            for artifact in artifacts.dropFirst() {
                table.add([
                    "  \(artifact.repoURL)", "", artifact.from?.shortVersion ?? "-",
                    artifact.to?.shortVersion ?? "-",
                ])
            }
        }
        return table.text
    }

    /// The commits that come or go, as git takes them, one repository a line.
    package func commitRanges(_ changes: [ComponentChange]) throws -> String {
        var lines: Set<String> = []
        for change in changes {
            for artifact in try view.artifactChanges(of: change, in: project) {
                if let range = artifact.range { lines.insert("\(artifact.repoURL) \(range)\n") }
            }
        }
        return lines.sorted().joined()
    }

    /// A change set in a few words: `2 changed, 3 unchanged`.
    package static func summary(_ changes: [ComponentChange]) -> String {
        var parts: [String] = []
        for kind in ChangeKind.allCases {
            let count = changes.count { $0.kind == kind }
            if count > 0 { parts.append("\(count) \(kind)") }
        }
        return parts.isEmpty ? "no components" : parts.joined(separator: ", ")
    }
}
