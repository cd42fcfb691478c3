import EventLog
import PromotionModel

/// Finds the moment that somebody means.
///
/// Promotions and bookmarks are looked up in all that was recorded: a moment can be named later
/// than it was.
struct MomentResolver {
    let snapshot: LogSnapshot
    let tables: LedgerTables
    let cache: RowCache?
    let now: Timestamp

    func resolve(_ reference: MomentReference) throws(LedgerError) -> Moment {
        switch reference {
        case .now: return Moment(position: snapshot.head.position, time: now)
        case .position(let position): return try moment(at: position)
        case .time(let time): return try moment(at: time)
        case .ago(let milliseconds): return try moment(at: now.adding(milliseconds: -milliseconds))
        case .day(let count): return try moment(at: now.dayBegin(before: count))
        case .promotion(let name): return try moment(at: success(of: name))
        case .bookmark(let name, let project):
            return try moment(at: target(of: name, in: project))
        }
    }

    private func moment(at position: Position) throws(LedgerError) -> Moment {
        let head = snapshot.head.position
        guard position <= head else { throw .futurePosition(position, last: head) }
        if position == .origin { return Moment(position: .origin, time: .epoch) }
        let header = try fromLog { () throws(EventLogError) in try snapshot.header(at: position) }
        return Moment(position: position, time: header.recorded)
    }

    private func moment(at time: Timestamp) throws(LedgerError) -> Moment {
        try fromLog { () throws(EventLogError) in
            Moment(position: try snapshot.position(atOrBefore: time), time: time)
        }
    }

    private var facts: StoreFacts {
        StoreFacts(
            reader: snapshot.reader,
            tables: tables,
            position: snapshot.head.position,
            cache: cache,
            committed: snapshot.head.position
        )
    }

    /// The event with which a promotion succeeded, in whichever project it is.
    private func success(of name: String) throws(LedgerError) -> Position {
        guard let promotion = PromotionName(rawValue: name) else {
            throw .noSuchMoment(
                "there is no promotion \(name.quotedForDisplay); see waybill get promotions"
            )
        }
        for project in try projects() {
            let core = try fromFacts { () throws(FactsFailure) in
                try facts.promotion(promotion, in: project)
            }
            guard let core else { continue }
            return try success(of: core, in: project)
        }
        throw .noSuchMoment(
            "there is no promotion \(name.quotedForDisplay); see waybill get promotions"
        )
    }

    private func success(
        of promotion: Promotion,
        in project: ProjectName
    ) throws(LedgerError) -> Position {
        let position = try fromFacts { () throws(FactsFailure) in
            try facts.success(of: promotion, in: project)
        }
        return try position.orNoMoment(
            "promotion \(promotion.name) has not succeeded; see waybill describe "
                + "promotion/\(promotion.name)"
        )
    }

    private func projects() throws(LedgerError) -> [ProjectName] {
        try fromFacts { () throws(FactsFailure) in try facts.projects() }
    }

    private func target(
        of bookmark: String,
        in project: ProjectName?
    ) throws(LedgerError) -> Position {
        if let project {
            let found = try position(of: bookmark, in: project)
            return try found.orNoMoment(
                "project \(project) has no bookmark \(bookmark); see waybill get bookmarks"
            )
        }
        var found: [(project: ProjectName, position: Position)] = []
        for project in try projects() {
            guard let position = try position(of: bookmark, in: project) else { continue }
            found.append((project, position))
        }
        let only = try found.first.orNoMoment(
            "there is no bookmark \(bookmark); see waybill get bookmarks"
        )
        guard found.count == 1 else {
            throw .noSuchMoment(
                "\(found.count) projects have a bookmark \(bookmark); say which with --project"
            )
        }
        return only.position
    }

    private func position(
        of bookmark: String,
        in project: ProjectName
    ) throws(LedgerError) -> Position? {
        try fromFacts { () throws(FactsFailure) in try facts.bookmark(bookmark, in: project) }
    }
}

extension Optional {
    /// The value, or the failure that nobody can say which moment is meant.
    fileprivate func orNoMoment(_ sentence: String) throws(LedgerError) -> Wrapped {
        guard let self else { throw .noSuchMoment(sentence) }
        return self
    }
}
