package import EventLog
package import PromotionModel

extension View {
    /// The view of everything that was recorded, at a time.
    package func latest(at now: Timestamp) -> View {
        let head = snapshot.head.position
        return View(
            facts: facts.at(head),
            moment: Moment(position: head, time: max(now, moment.time)),
            snapshot: snapshot
        )
    }

    /// The view as it was after the event at `position`, which is not after the moment.
    package func earlier(at position: Position) throws(LedgerError) -> View {
        let time = position == .origin ? Timestamp.epoch : try recordedTime(position)
        return View(
            facts: facts.asOf(position),
            moment: Moment(position: position, time: time),
            snapshot: snapshot
        )
    }

    /// What a command would come to at the moment; nothing is appended.
    package func dryRun(_ envelope: CommandEnvelope) throws(LedgerError) -> Verdict {
        let moment = DecisionMoment(
            recorded: max(moment.time, snapshot.head.recorded),
            next: moment.position.next
        )
        return try ask { facts throws(FactsFailure) in
            try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        }
    }

    /// When the event at a position was recorded.
    package func time(of position: Position) throws(LedgerError) -> Timestamp {
        position == .origin ? .epoch : try recordedTime(position)
    }

    /// The last position recorded at or before a time.
    package func position(atOrBefore time: Timestamp) throws(LedgerError) -> Position {
        try fromLog { () throws(EventLogError) in try snapshot.position(atOrBefore: time) }
    }

    /// The Merkle root of the log through the moment.
    package func root() throws(LedgerError) -> Digest {
        try fromLog { () throws(EventLogError) in try snapshot.root(at: moment.position) }
    }

    /// The header of an event.
    package func header(at position: Position) throws(LedgerError) -> Header {
        try fromLog { () throws(EventLogError) in try snapshot.header(at: position) }
    }
}

extension View {
    /// The position of a moment as somebody names it now.
    ///
    /// - Throws: `.futurePosition`, `.noSuchMoment`
    package func position(
        of reference: MomentReference,
        now: Timestamp
    ) throws(LedgerError) -> Position {
        try MomentResolver(
            snapshot: snapshot,
            tables: facts.tables,
            cache: facts.cache,
            now: now
        )
        .resolve(reference).position
    }
}
