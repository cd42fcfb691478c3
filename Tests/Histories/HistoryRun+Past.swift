import EventLog
import Ledger
import PromotionModel
import Transparency

/// What is looked at when a history is over: that the past is still what it was.
extension HistoryRun {
    /// Compares everything, now and as of the past, and replays the log.
    mutating func finish(
        in directory: String,
        _ index: Int
    ) throws(HistoryFailure) {
        try compareAll(index)
        for keepsake in keepsakes { try revisit(keepsake, index) }
        for _ in 0..<Self.glimpseCount where reference.size > 0 {
            let number = UInt64.random(in: 1...reference.size, using: &random)
            try glimpse(Position(rawValue: number), index)
            try glimpse(reference.events[Int(number) - 1].header.recorded, index)
        }
        if reference.size > 0 { try compareEvents(from: 1, index) }
        try check(index) { () throws(LedgerError) in
            let findings: [VerificationFinding]
            do throws(EventLogError) { findings = try ledger.log.verify() } catch {
                throw .log(error)
            }
            return findings.isEmpty ? nil : "the log is damaged: \(findings)"
        }
        try check(index) { () throws(LedgerError) in
            let result = try ledger.replay(into: directory + "/replay")
            let findings = result.found
            return findings.isEmpty ? nil : "replay differs: \(findings)"
        }
    }

    /// Positions at the end of a history, also between the events of one command, at which what is
    /// stored is compared once more, and lists are read page by page.
    private static let glimpseCount = 10

    private mutating func glimpse(_ position: Position, _ index: Int) throws(HistoryFailure) {
        let seed = random.next()
        let project = reference.facts.asOf(position).projects().randomElement(using: &random)
        try check(index) { () throws(LedgerError) in
            try ledger.read(at: .position(position)) { (view) throws(LedgerError) in
                let past = reference.facts.asOf(position)
                let found = try view.ask { facts throws(FactsFailure) in
                    let stored = try PictureMaker.everything(facts)
                    return try stored.difference(from: PictureMaker.everything(past))
                        .map { "at #\(position), \($0)" }
                }
                if let found { return found }
                guard let project else { return nil }
                var lists = ListingCheck(
                    view: view,
                    entries: Array(reference.events.prefix(Int(position.rawValue))),
                    facts: past,
                    project: project,
                    random: SeededGenerator(seed: seed)
                )
                return try lists.finding()
            }
        }
    }

    /// As of a time, what is so is what was so after the last event that was recorded by then.
    private func glimpse(_ time: Timestamp, _ index: Int) throws(HistoryFailure) {
        let last = reference.events.last { $0.header.recorded <= time }?.header.position
        try check(index) { () throws(LedgerError) in
            try ledger.read(at: .time(time)) { (view) throws(LedgerError) in
                let (found, expected) = (view.moment.position, last ?? .origin)
                return found == expected && view.facts.position == expected
                    ? nil : "at \(time.text) the last event is \(found), not \(expected)"
            }
        }
    }

    /// A view of the past answers as the ledger did then, and the tree had this root.
    private func revisit(_ keepsake: Keepsake, _ index: Int) throws(HistoryFailure) {
        let position = keepsake.facts.position
        try check(index) { () throws(LedgerError) in
            try ledger.read(at: .position(position)) { (view) throws(LedgerError) in
                let root: Digest
                do throws(EventLogError) { root = try view.snapshot.root(at: position) } catch {
                    throw .log(error)
                }
                if root != keepsake.root { return "the root at #\(position) has changed" }
                guard try view.extends(keepsake.root, of: position) else {
                    return "no proof that the log extends that of #\(position)"
                }
                return try view.ask { facts throws(FactsFailure) in
                    try Self.difference(facts, keepsake.facts, at: keepsake.time)
                        .map { "at #\(position), \($0)" }
                }
            }
        }
    }
}

extension View {
    /// Whether it can be proved that the log extends the one that had `root` at `position`.
    fileprivate func extends(_ root: Digest, of position: Position) throws(LedgerError) -> Bool {
        let size = snapshot.head.position.rawValue
        let proof: [Digest]
        do throws(EventLogError) {
            proof = try MerkleProof.consistency(
                from: position.rawValue,
                to: size,
                snapshot.hashes
            )
        } catch {
            throw .log(error)
        }
        return MerkleProof.verifiesConsistency(
            proof,
            oldSize: position.rawValue,
            oldRoot: root,
            size: size,
            root: snapshot.root
        )
    }
}
