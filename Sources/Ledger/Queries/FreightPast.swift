package import EventLog
package import PromotionModel

/// A time that freight spent in a stage.
package struct StageStay: Hashable, Sendable {
    package let stage: StageName
    /// The event that brought it.
    package let entered: Position
    package let enteredAt: Timestamp
    /// The bundle that brought it, if one did.
    package let via: FreightID?
    /// The first event of the stay that verified it there; nil while none did.
    package internal(set) var verified: Position?
    package internal(set) var verifiedAt: Timestamp?
    /// The last event of the stay that took the verification back, if that is how it stands.
    package internal(set) var withdrawn: Position?
    package internal(set) var withdrawnAt: Timestamp?
    /// The event that ended the stay; nil while it lasts.
    package internal(set) var left: Position?
    package internal(set) var leftAt: Timestamp?
    /// The promotion that brought it.
    package internal(set) var promotion: PromotionName?
    /// The promotion that replaced it; nil where the stage was deleted, or while it stays.
    package internal(set) var replacedBy: PromotionName?

    init(_ mark: FreightMark) {
        stage = mark.stage
        entered = mark.position
        enteredAt = mark.at
        via = mark.via
    }
}

/// What became of a piece of freight.
package struct FreightPast: Hashable, Sendable {
    /// The times that it spent in stages, newest first.
    package let stays: [StageStay]
    /// The names that it had, the present one first.
    package let aliases: [String]
    /// Whether it changed further back than one look goes: stays that ended before and names that
    /// it had only then are not told.
    package let isCut: Bool
}

extension View {
    /// How many changes of one piece of freight a look goes through, newest first.
    private static var changeCountMax: Int { 500 }

    /// What became of a piece of freight, read from its own changes.
    package func past(
        of freight: FreightID,
        in project: ProjectName
    ) throws(LedgerError) -> FreightPast {
        let rows = try ask { facts throws(FactsFailure) in
            try facts.statuses(
                of: freight,
                in: project,
                before: Position(rawValue: .max),
                limit: Self.changeCountMax + 1
            )
        }
        var walk = StayWalk()
        for row in rows.prefix(Self.changeCountMax).reversed() {
            walk.take(row.status, at: row.position)
        }
        var stays: [StageStay] = []
        for stay in walk.stays { stays.append(try told(stay)) }
        stays.sort { ($0.entered, $0.stage) > ($1.entered, $1.stage) }
        var aliases: [String] = []
        for row in rows where !row.status.alias.isEmpty && !aliases.contains(row.status.alias) {
            aliases.append(row.status.alias)
        }
        return FreightPast(
            stays: stays,
            aliases: aliases,
            isCut: rows.count > Self.changeCountMax
        )
    }

    /// A stay with what the events that began and ended it say.
    private func told(_ stay: StageStay) throws(LedgerError) -> StageStay {
        var stay = stay
        stay.promotion = try promotion(at: stay.entered).name
        stay.verifiedAt = try stay.verified.map { position throws(LedgerError) in
            try recordedTime(position)
        }
        if let left = stay.left {
            let end = try promotion(at: left)
            stay.leftAt = end.at
            stay.replacedBy = end.name
        }
        return stay
    }

    /// The promotion that the event at a position is about, if it is about one.
    private func promotion(
        at position: Position
    ) throws(LedgerError) -> (name: PromotionName?, at: Timestamp) {
        let header = try fromLog { () throws(EventLogError) in try snapshot.header(at: position) }
        let subject = Subject(unchecked: header.subject)
        let name = subject.kind == .promotion ? PromotionName(unchecked: subject.name) : nil
        return (name, header.recorded)
    }
}

/// Makes stays of the changes of one piece of freight, taken in from the oldest to the newest.
private struct StayWalk {
    private(set) var stays: [StageStay] = []
    /// Which of `stays` last, by stage.
    private var open: [StageName: Int] = [:]

    mutating func take(_ status: FreightStatus, at position: Position) {
        let current = Dictionary(status.current.map { ($0.stage, $0) }) { _, last in last }
        for (stage, index) in open where current[stage]?.position != stays[index].entered {
            stays[index].left = position
            open[stage] = nil
        }
        for mark in status.current where open[mark.stage] == nil {
            open[mark.stage] = stays.count
            stays.append(StageStay(mark))
        }
        for (stage, index) in open { judge(&stays[index], status, stage) }
    }

    /// Notes what the marks of a stage say of the stay that lasts there.
    private func judge(_ stay: inout StageStay, _ status: FreightStatus, _ stage: StageName) {
        if let mark = status.withdrawn.first(where: { $0.stage == stage }),
            mark.position > stay.entered
        {
            stay.withdrawn = mark.position
            stay.withdrawnAt = mark.at
        } else {
            stay.withdrawn = nil
            stay.withdrawnAt = nil
        }
        guard stay.verified == nil,
            let mark = status.verified.first(where: { $0.stage == stage }),
            mark.latest > stay.entered
        else { return }
        stay.verified = mark.latest
    }
}
