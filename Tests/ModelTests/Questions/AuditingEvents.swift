import EventLog
import Ledger
import PromotionModel
import Testing

/// Events, bookmarks and notes.
@Suite struct AuditingEvents {
    @Test func `audits are narrowed by subject, type and actor, and paged`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            try ledger.asked { view in
                var filter = AuditFilter()
                filter.types = [.promotionRequested]
                filter.actor = "on-call"
                let requested = try view.events(filter, limit: 10)
                #expect(requested.items.count == 1 && requested.next == nil)
                var all: [Position] = []
                var before = Position(rawValue: .max)
                while true {
                    let page = try view.events(AuditFilter(), before: before, limit: 7)
                    all += page.items.map(\.header.position)
                    guard let next = page.next else { break }
                    before = next
                }
                let expected = (1...UInt64(world.events.count)).reversed()
                #expect(all == expected.map { Position(rawValue: $0) })
                var about = AuditFilter()
                about.narrow(to: .stage(Shop.prod), in: Shop.project)
                let page = try view.events(about, limit: 1000)
                let scanned = world.events.count {
                    $0.subject == .stage(Shop.prod)
                        || $0.event.relatedSubjects.contains(.stage(Shop.prod))
                }
                #expect(page.items.count == scanned && scanned > 4)
            }
        }
    }

    /// The positions of the events that a filter lets through.
    private func positions(_ filter: AuditFilter, _ ledger: Ledger) throws -> [Position] {
        try ledger.asked { view in
            try allPages { before in
                try view.events(filter, before: before, limit: 3)
            }.map(\.header.position)
        }
    }

    @Test func `audits find what events say, whatever the case`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            var filter = AuditFilter()
            filter.text = "CUSTOMERS cannot"
            let found = try positions(filter, ledger)
            // The request says it.
            #expect(!found.isEmpty)
            for position in found {
                let draft = world.events[Int(position.rawValue) - 1]
                #expect("\(draft.event)".contains("customers cannot pay"))
            }
            filter.narrow(to: .stage(Shop.prod), in: Shop.project)
            #expect(try positions(filter, ledger) == found)
            filter.text = "customers can pay"
            #expect(try positions(filter, ledger).isEmpty)
            filter = AuditFilter()
            filter.text = "On-Call"
            #expect(try positions(filter, ledger).count >= 3)
        }
    }

    @Test func `audits are narrowed by kind of thing and by moments`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            var filter = AuditFilter()
            filter.kind = .junction
            filter.from = Position(rawValue: 20)
            filter.through = Position(rawValue: 150)
            let expected = (20...150).reversed().filter { number in
                world.events[number - 1].subject.kind == .junction
            }
            let found = try positions(filter, ledger)
            #expect(found.map { Int($0.rawValue) } == expected)
            #expect(expected.count > 2)
        }
    }

    @Test func `a bookmark is told with who set it, when and why`() async throws {
        try await Shop.withEventful { ledger, _, clock in
            clock.now = clock.now.adding(milliseconds: 60_000)
            let set = SetBookmark(
                project: Shop.project,
                name: "freeze",
                position: Position(rawValue: 9)
            )
            try await ledger.accept(
                .setBookmark(set),
                id: "set",
                by: "release-manager",
                reason: "Q4"
            )
            try ledger.asked { view in
                let bookmark = try #require(try view.bookmark("freeze", in: Shop.project))
                #expect(bookmark.target == Position(rawValue: 9))
                #expect(bookmark.actor == "release-manager" && bookmark.reason == "Q4")
                #expect(bookmark.position == view.moment.position && bookmark.at == clock.now)
                let page = try view.ask { facts throws(FactsFailure) in
                    try facts.bookmarks(in: Shop.project, after: nil, limit: 10)
                }
                #expect(page.names == ["freeze"] && page.next == nil)
                #expect(try view.bookmark("thaw", in: Shop.project) == nil)
            }
        }
    }

    @Test func `notes are found at their thing, freight by whatever name it was called`()
        async throws
    {
        try await Shop.withEventful { ledger, _, _ in
            let second = try ledger.asked { view in
                try view.ask { facts throws(FactsFailure) in
                    try facts.freight(withAlias: "second", in: Shop.project)
                }
            }
            let id = try #require(second)
            for (index, name) in ["second", id.rawValue, String(id.rawValue.prefix(8))].enumerated()
            {
                let subject = try #require(Subject(rawValue: "freight/\(name)"))
                let note = RecordNote(
                    project: Shop.project,
                    subject: subject,
                    text: "note \(index)"
                )
                try await ledger.accept(.recordNote(note), id: "note-\(index)", by: "auditor")
            }
            try ledger.asked { view in
                let notes = try view.notes(about: .freight(id), in: Shop.project, limit: 2)
                #expect(notes.items.map(\.text) == ["note 2", "note 1"])
                #expect(notes.items.allSatisfy { $0.actor == "auditor" })
                let next = try #require(notes.next)
                let rest = try view.notes(
                    about: .freight(id),
                    in: Shop.project,
                    before: next,
                    limit: 2
                )
                #expect(rest.items.map(\.text) == ["note 0"] && rest.next == nil)
                #expect(
                    try view.notes(about: .stage(Shop.prod), in: Shop.project, limit: 2)
                        .items.isEmpty
                )
            }
        }
    }
}
