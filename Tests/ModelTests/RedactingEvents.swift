import EventLog
import Expressions
import Foundation
import Histories
import LMDB
import Ledger
import LedgerAPI
import PromotionModel
import Testing

/// Payloads that are erased, and what is left of them.
@Suite struct RedactingEvents {
    private static func request(_ position: Position, _ id: String = "r") -> RedactionRequest {
        RedactionRequest(
            position: position,
            reason: "it was a secret",
            id: CommandID(unchecked: "\(id)-\(position.rawValue)"),
            actor: EventActor(name: "operator", assurance: .asserted)
        )
    }

    @Test func `whatever is redacted, replay, verification and export go on as before`()
        async throws
    {
        let seed = UInt64.random(in: 1...1_000_000)
        let comment = Comment(rawValue: "seed \(seed)")
        let folder = TemporaryFolder()
        for name in ["replay", "copy"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)",
                withIntermediateDirectories: true
            )
        }
        let history = History(seed: seed, commandCount: 400)
        let outcome = try await HistoryRun.run(history, in: folder.path, comparisonRate: 1000)
        #expect(outcome.failure == nil, comment)
        let ledger = try Ledger.open(at: folder.path + "/ledger")
        let last = try ledger.log.head().position
        let roots = try ledger.roots(through: last)
        var redacted = 0
        // The last first, too: a redaction must not depend on what was redacted before.
        for number in Array(1...last.rawValue).shuffled() {
            let outcome = try await ledger.redact(Self.request(Position(rawValue: number)))
            if case .accepted = outcome { redacted += 1 }
        }
        #expect(redacted > 5, comment)
        let findings = try ledger.replayed()
        #expect(findings.isEmpty, "seed \(seed): \(findings.prefix(3))")
        #expect(try ledger.log.verifyWithRedactions().isEmpty, comment)
        #expect(try ledger.roots(through: last) == roots, comment)
        try Self.expectRoundTrip(of: ledger, in: folder, comment)
        let rebuilt = try await ledger.rebuild()
        #expect(rebuilt.hasRemovedOld, comment)
        await ledger.log.close()
    }

    private static func expectRoundTrip(
        of ledger: Ledger,
        in folder: TemporaryFolder,
        _ comment: Comment
    ) throws {
        let file = folder.path + "/export.jsonl"
        try ledger.exported().write(to: URL(fileURLWithPath: file))
        let result = try EventImport.make(of: file, in: folder.path + "/copy")
        #expect(try result.root == ledger.root, comment)
        let copy = try Ledger.open(at: folder.path + "/copy", access: .read)
        #expect(try copy.log.verifyWithRedactions().isEmpty, comment)
        #expect(try copy.replayed().isEmpty, comment)
    }

    @Test func `the words of a redacted event are in no row, and no salt is left`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let secret = "hunter2-is-the-word"
            try await ledger.accept(
                .quarantineFreight(QuarantineFreight(project: Shop.project, freight: "second")),
                id: "q",
                reason: secret
            )
            let position = try ledger.log.head().position
            // Its status is copied on with every mark.
            try await ledger.accept(
                .setFreightMetadata(
                    SetFreightMetadata(
                        project: Shop.project,
                        freight: "second",
                        key: "ticket",
                        value: .string("A-1")
                    )
                ),
                id: "m"
            )
            #expect(try ledger.contains(secret))
            guard case .accepted(let receipt) = try await ledger.redact(Self.request(position))
            else { return #expect(Bool(false), "it was not accepted") }
            #expect(try !ledger.contains(secret))
            let body = try ledger.log.read { (snapshot) throws(EventLogError) in
                var body: [UInt8] = []
                try snapshot.forEachStored(from: position, through: position) { _, _, bytes in
                    body = bytes.indices.map { bytes[$0] }
                    return true
                }
                return body
            }
            #expect(body == [0, 0, 0, 0, 0, 0, 0, UInt8(receipt.first.rawValue)])
            let event = try ledger.asked { try $0.event(at: position) }
            #expect(event.event == nil && event.redaction == receipt.first)
            let again = try await ledger.redact(Self.request(position))
            guard case .accepted(let repeated) = again else {
                return #expect(Bool(false), "a repeated command gets its receipt")
            }
            #expect(repeated.isDuplicate && repeated.root == receipt.root)
        }
    }

    @Test func `what cannot be redacted is refused with its rule`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            func refusal(_ number: UInt64, _ id: String) async throws -> Refusal? {
                let request = Self.request(Position(rawValue: number), id)
                guard case .refused(let refusal) = try await ledger.redact(request) else {
                    return nil
                }
                return refusal
            }
            let last = try ledger.log.head().position
            #expect(try await refusal(0, "a") == .positionNotThere(.origin, last: last))
            #expect(
                try await refusal(last.rawValue + 1, "a")
                    == .positionNotThere(last.next, last: last)
            )
            #expect(
                try await refusal(1, "a")
                    == .notRedactable(Position(rawValue: 1), .projectConfigured)
            )
            let note = RecordNote(
                project: Shop.project,
                subject: .stage(Shop.prod),
                text: "words"
            )
            try await ledger.accept(.recordNote(note), id: "note")
            let position = last.next
            guard case .accepted = try await ledger.redact(Self.request(position)) else {
                return #expect(Bool(false), "a note can be redacted")
            }
            #expect(
                try await refusal(position.rawValue, "b")
                    == .alreadyRedacted(position, by: position.next)
            )
            #expect(
                try await refusal(position.next.rawValue, "b")
                    == .notRedactable(position.next, .payloadRedacted)
            )
            let request = RequestPromotion(
                project: Shop.project,
                stage: Shop.prod,
                selection: .named(["second"])
            )
            let receipt = try await ledger.accept(
                .requestPromotion(request),
                id: "p",
                reason: "words"
            )
            let asked = try #require(receipt).first.rawValue
            guard case .promotionUnderWay = try await refusal(asked, "c") else {
                return #expect(Bool(false), "a promotion that waits is left alone")
            }
            #expect(try ledger.replayed().isEmpty)
        }
    }

    @Test func `a payload that is gone without a redaction is found`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let last = try ledger.log.head().position.rawValue
            try ledger.log.vandalise("payloads", .positions) {
                (transaction, table) throws(LMDBError) in
                let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 9]
                try transaction.put(bytes.span, forKey: last, in: table)
            }
            let findings = try ledger.log.verifyWithRedactions()
            #expect(findings.map(\.position?.rawValue) == [last])
            #expect("\(findings)".contains("event #9 does not say"))
        }
    }
}

extension Ledger {
    fileprivate func roots(through last: Position) throws -> [Digest] {
        try log.read { (snapshot) throws(EventLogError) in
            var roots: [Digest] = []
            for number in 1...last.rawValue {
                roots.append(try snapshot.root(at: Position(rawValue: number)))
            }
            return roots
        }
    }

    fileprivate func exported() throws -> Data {
        var data = Data()
        let last = try log.head().position
        let export = try EventExport(
            self,
            origin: "o",
            from: Position(rawValue: 1),
            through: last
        )
        try export.write { bytes throws(Never) in
            for index in bytes.indices { data.append(bytes[index]) }
        }
        return data
    }

    /// Whether a text is in any row of any table.
    fileprivate func contains(_ text: String) throws -> Bool {
        let needle = Array(text.utf8)
        return try log.readTables { (snapshot, client) throws(EventLogError) in
            var isFound = false
            do throws(LMDBError) {
                for name in ["freight_status", "promotion_state", "steps", "stage_state"] {
                    try snapshot.reader.forEach(in: client[name]) { _, value in
                        let bytes = value.indices.map { value[$0] }
                        if Data(bytes).range(of: Data(needle)) != nil { isFound = true }
                        return true
                    }
                }
            } catch {
                throw EventLogError(error)
            }
            return isFound
        }
    }
}
