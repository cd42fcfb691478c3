/// One verification of what a stage runs: how far it is, and what says so.
package struct VerificationRecord: Hashable, Sendable, Identifiable {
    package let id: String
    package var phase: VerificationPhase
    /// Where its evidence is: a run, a report, a page; nil while there is none.
    package var evidence: String?

    package init(id: String, phase: VerificationPhase, evidence: String? = nil) {
        self.id = id
        self.phase = phase
        self.evidence = evidence
    }
}

/// How far a verification is.
package enum VerificationPhase: Hashable, Sendable {
    case pending
    case running
    case finished(VerificationResult)

    /// Whether nothing more will come of it.
    package var isTerminal: Bool {
        switch self {
        case .pending, .running: false
        case .finished: true
        }
    }
}

/// The verifications of one combination in a stage, newest first.
///
/// All of them: unlike Kargo's, which keeps ten.
package struct VerificationHistory: Hashable, Sendable {
    package private(set) var records: [VerificationRecord]

    package init(_ records: [VerificationRecord] = []) {
        self.records = records
    }

    /// The one that counts: the newest; nil if there was none.
    package var current: VerificationRecord? { records.first }

    /// Whether one of them goes on.
    package var hasUnfinished: Bool { records.contains { !$0.phase.isTerminal } }

    /// Takes in what is known now: a known verification keeps its place, and those that are new
    /// go on top, in their order.
    package mutating func put(_ newer: [VerificationRecord]) {
        var added: [VerificationRecord] = []
        for record in newer {
            if let place = records.firstIndex(where: { $0.id == record.id }) {
                records[place] = record
            } else {
                added.append(record)
            }
        }
        records = added + records
    }
}
