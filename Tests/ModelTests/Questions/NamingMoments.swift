import EventLog
import Ledger
import PromotionModel
import Testing

/// How moments are named.
@Suite struct NamingMoments {
    @Test func `moments are positions, times, ages and promotions, and none lies ahead`() throws {
        #expect(MomentReference(parsing: "#12") == .position(Position(rawValue: 12)))
        #expect(MomentReference(parsing: "12") == .position(Position(rawValue: 12)))
        #expect(MomentReference(parsing: "now") == .now)
        #expect(MomentReference(parsing: "2h ago") == .ago(milliseconds: 7_200_000))
        #expect(MomentReference(parsing: "promotion/x") == .promotion("x"))
        #expect(MomentReference(parsing: "today") == .day(before: 0))
        #expect(MomentReference(parsing: "yesterday") == .day(before: 1))
        #expect(MomentReference(parsing: "@freeze") == .bookmark("freeze", in: nil))
        #expect(
            MomentReference(parsing: "2026-11-23T10:00:00+01:00")
                == Timestamp(text: "2026-11-23T09:00:00Z").map { .time($0) }
        )
        for text in [
            "", "#", "tomorrow", "@", "@UAT", "2026-13-01", "2026-11-23T09:00:00", "-1",
            "99999999999999999999",
            "2x ago", " ago", "promotion/", "#12a",
        ] {
            #expect(MomentReference(parsing: text) == nil, "\(text)")
        }
    }

    @Test func `a day begins at midnight in UTC`() async throws {
        try await Shop.withEventful { ledger, _, clock in
            let last = try ledger.log.head().position
            clock.now = Timestamp(text: "2026-11-24T03:00:00Z") ?? .epoch
            func moment(_ text: String) throws -> Moment? {
                try MomentReference(parsing: text).map { reference in
                    try ledger.asked(at: reference) { view in view.moment }
                }
            }
            // Everything happened on the 23rd, from nine o'clock on.
            #expect(try moment("today")?.position == last)
            #expect(try moment("today")?.time.text == "2026-11-24T00:00:00Z")
            #expect(try moment("yesterday")?.position == .origin)
            #expect(try moment("3d ago")?.position == .origin)
            #expect(try moment("2h ago")?.position == last)
        }
    }

    @Test func `a bookmark means the position that it names, and moves when it is set again`()
        async throws
    {
        try await Shop.withEventful { ledger, _, _ in
            let freeze = try #require(MomentReference(parsing: "@freeze"))
            func position() throws -> Position {
                try ledger.asked(at: freeze) { view in view.moment.position }
            }
            #expect(throws: LedgerError.self) { try position() }
            let early = Position(rawValue: 9)
            let set = SetBookmark(project: Shop.project, name: "freeze", position: early)
            try await ledger.accept(.setBookmark(set), id: "one")
            #expect(try position() == early)
            let last = try ledger.log.head().position
            let again = SetBookmark(project: Shop.project, name: "freeze")
            try await ledger.accept(.setBookmark(again), id: "two")
            // The last event before the bookmark's own.
            #expect(try position() == last)
        }
    }

    @Test func `a bookmark of several projects is only clear with the project`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let bakery = ProjectName(unchecked: "bakery")
            let resource = Resource(project: bakery, specification: .project)
            try await ledger.accept(
                .applyManifests(ApplyManifests(resources: [resource])),
                id: "bakery"
            )
            let names = [(Shop.project, UInt64(7)), (bakery, UInt64(8))]
            for (project, number) in names {
                let set = SetBookmark(
                    project: project,
                    name: "freeze",
                    position: Position(rawValue: number)
                )
                try await ledger.accept(.setBookmark(set), id: "freeze-\(project)")
            }
            let freeze = try #require(MomentReference(parsing: "@freeze"))
            #expect(throws: LedgerError.self) {
                try ledger.asked(at: freeze) { view in view.moment }
            }
            for (project, number) in names {
                let moment = try ledger.asked(at: freeze.of(project)) { view in view.moment
                }
                #expect(moment.position.rawValue == number)
            }
        }
    }

    @Test func `a promotion means its success, however often it was looked at since`() async throws
    {
        try await Shop.withEventful { ledger, _, _ in
            let entries = try ledger.asked { view in
                try view.history(of: Shop.prod, in: Shop.project).items
            }
            for entry in entries {
                let moment = try ledger.asked(at: .promotion(entry.promotion.name.rawValue)) {
                    view in view.moment
                }
                #expect(moment == Moment(position: entry.position, time: entry.at))
            }
        }
    }
}
