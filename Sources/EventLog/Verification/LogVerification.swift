package import LMDB

/// What the verification of a log came to.
package struct LogVerificationResult: Sendable {
    package var findings: FindingList<VerificationFinding>
    /// How many events there are.
    package let eventCount: UInt64
    /// How many of them were checked.
    package let checkedCount: UInt64
    /// How many tables there are.
    package let tableCount: Int
    /// Pages in use; 0 if they were not all looked at.
    package let pageCount: UInt64
    /// Events whose payload was erased, the first million of them.
    ///
    /// Whether they may be only the client knows.
    package let redacted: [RedactedPayload]
    /// Events of the type that tells of a redaction, the first million of them.
    package let redactions: [Position]
}

/// An event of whose payload only the position of another event is left.
package struct RedactedPayload: Hashable, Sendable {
    /// The event.
    package let position: Position
    /// The event that tells of it, as the row says.
    package let redaction: Position
}

/// What is verified.
package enum VerificationScope: Hashable, Sendable {
    /// Everything.
    case all
    /// The meta pages, the list of tables, and so many events at the end.
    case end(eventCount: UInt64)
}

extension LogInspection {
    /// Checks the pages of the file and every row of the log.
    ///
    /// Pages: `StructureCheck`. Rows: positions have no gaps; headers are canonical, name their own
    /// position, and recorded times never run backward; payloads have the hashes that headers say;
    /// every stored Merkle hash is what the headers make it; the row about the end of the log is
    /// right; the commands are exactly those that the headers name. `clientTables` must be there.
    /// Payloads that were redacted, and events of `redactionType`, are only listed.
    ///
    /// On as many threads as there are processors, in parts of 2^`partLevel` events. `progress` is
    /// told on the calling thread, now and then, how much is done: of events and pages.
    @available(*, noasync)
    package func verify(
        _ scope: VerificationScope = .all,
        clientTables: [String] = [],
        redactionType: UInt32 = 0,
        partLevel: Int = 14,
        progress: @escaping (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) -> LogVerificationResult {
        let plan = plan(scope, partLevel, redactionType)
        let outcome = plan.map { plan in
            let work = VerificationWork(plan, walksPages: scope == .all)
            work.run(progress)
            return work.outcome
        }
        // The walk through all pages has been where the quick look was.
        var findings = outcome?.pages?.findings.map(VerificationFinding.init) ?? findings
        checkTables(clientTables, &findings)
        findings.add(MetaCheck(self).findings)
        if let outcome { findings.add(outcome.findings) }
        return LogVerificationResult(
            findings: findings,
            eventCount: plan?.eventCount ?? 0,
            checkedCount: plan?.checkedCount ?? 0,
            tableCount: tables.count,
            pageCount: outcome?.pages?.pageCount ?? 0,
            redacted: outcome?.redacted ?? [],
            redactions: outcome?.redactions ?? []
        )
    }

    private func checkTables(
        _ clientTables: [String],
        _ findings: inout FindingList<VerificationFinding>
    ) {
        var names = LogTables.definitions.map(\.name)
        if let generation = clientGeneration {
            names += ClientTables.definitions(clientTables, generation: generation).map(\.name)
        }
        for name in names where tables[name] == nil {
            findings.add(
                VerificationFinding(
                    table: name,
                    rule: StructureFinding.Rule.tableMissing.rawValue,
                    what: "is missing"
                )
            )
        }
    }

    /// What is to be looked at; nil if a table of the log is missing.
    private func plan(
        _ scope: VerificationScope,
        _ partLevel: Int,
        _ redactionType: UInt32
    ) -> LogPlan? {
        guard let headers = tables["headers"], let payloads = tables["payloads"],
            let hashes = tables["hashes"], let commands = tables["commands"]
        else { return nil }
        var scan = TableScan(snapshot, headers)
        // A number that no file of this size can have events for is a rotten one.
        let last = min(scan.lastNumber() ?? 0, snapshot.rowCountMax)
        var first: UInt64 = 1
        if case .end(let count) = scope, last > count { first = last - count + 1 }
        return LogPlan(
            partLevel: partLevel,
            snapshot: snapshot,
            headers: headers,
            payloads: payloads,
            hashes: hashes,
            commands: commands,
            head: head,
            eventCount: last,
            first: first,
            redactionType: UInt64(redactionType)
        )
    }
}

extension EventLog {
    /// Checks the pages of the file and every row of the log; returns what is wrong, the first
    /// findings of each kind.
    ///
    /// `progress` is told how much is done, now and then.
    package func verify(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(EventLogError) -> [VerificationFinding] {
        try withoutActuallyEscaping(progress) { (progress) throws(EventLogError) in
            try inspect { (inspection) throws(EventLogError) in
                inspection.verify(progress: progress).findings.findings
            }
        }
    }
}
