import EventLog
import PromotionModel
import Testing

/// Names for positions, and what people write down.
@Suite struct BookmarksAndNotes {
    private func shop() -> World {
        var world = World()
        world.given(Shop.manual)
        world.givenFreight(Shop.web, commit: "web-1")
        return world
    }

    private func bookmark(_ name: String, _ position: UInt64? = nil) -> Command {
        .setBookmark(
            SetBookmark(
                project: Shop.project,
                name: name,
                position: position.map { Position(rawValue: $0) }
            )
        )
    }

    private func note(_ subject: String, _ text: String = "seen") -> Command {
        .recordNote(
            RecordNote(project: Shop.project, subject: Subject(unchecked: subject), text: text)
        )
    }

    @Test func `a bookmark names a position, or the last one`() {
        var world = shop()
        world.when(bookmark("start", 2), reason: "because")
        #expect(world.madeEvents == [.bookmarkSet])
        #expect(world.facts.bookmark("start", in: Shop.project) == Position(rawValue: 2))
        let last = world.facts.position
        world.when(bookmark("now"))
        #expect(world.facts.bookmark("now", in: Shop.project) == last)
        #expect(world.facts.bookmarks(in: Shop.project) == ["now", "start"])
    }

    @Test func `a bookmark that is there already is quiet, and one set elsewhere moves`() {
        var world = shop()
        world.when(bookmark("start", 2))
        #expect(world.when(bookmark("start", 2)) == .quiet)
        world.when(bookmark("start", 3))
        #expect(world.facts.bookmark("start", in: Shop.project) == Position(rawValue: 3))
    }

    @Test func `bookmarks are refused in the order of the documentation`() {
        var world = shop()
        let elsewhere = SetBookmark(
            project: ProjectName(unchecked: "bakery"),
            name: "No",
            position: Position(rawValue: 9999)
        )
        world.when(.setBookmark(elsewhere))
        #expect(world.refusal == .unknownProject(ProjectName(unchecked: "bakery")))
        let last = world.facts.position
        for name in ["", "No", "a b", String(repeating: "a", count: 64), "@x"] {
            world.when(bookmark(name, 9999))
            #expect(world.refusal == .bookmarkMalformed(name))
        }
        world.when(bookmark("ahead", 9999))
        #expect(world.refusal == .positionNotThere(Position(rawValue: 9999), last: last))
        #expect(world.facts.position == last)
    }

    @Test func `a note is about anything that there is, freight by its id`() {
        var world = shop()
        let freight = world.facts.freight(
            of: .warehouse(Shop.web),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 1
        )[0].freight
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        for subject in [
            "stage/dev", "junction/release", "warehouse/web", "project/shop", "freight/\(alias)",
            "freight/\(freight)",
        ] {
            world.when(note(subject))
            #expect(world.madeEvents == [.noteRecorded], "\(subject)")
            let expected = subject.hasPrefix("freight/") ? "freight/\(freight)" : subject
            #expect(world.events.last?.subject.rawValue == expected)
        }
    }

    @Test func `notes are refused in the order of the documentation`() {
        var world = shop()
        let nowhere = RecordNote(
            project: ProjectName(unchecked: "bakery"),
            subject: Subject(unchecked: "stage/dev"),
            text: ""
        )
        world.when(.recordNote(nowhere))
        #expect(world.refusal == .unknownProject(ProjectName(unchecked: "bakery")))
        let long = String(repeating: "a", count: 600)
        for subject in [
            "stage/qa", "junction/train", "warehouse/search", "promotion/none", "project/bakery",
            "task/build", "freight/none", "stage/\(long)", "promotion/\(long)",
        ] {
            world.when(note(subject, ""))
            #expect(world.refusal != nil, "\(subject)")
            #expect(world.refusal != .noteMalformed(byteCount: 0), "\(subject)")
        }
        for count in [0, ModelLimits.noteByteCountMax + 1] {
            world.when(note("stage/dev", String(repeating: "a", count: count)))
            #expect(world.refusal == .noteMalformed(byteCount: count))
        }
        world.when(note("stage/dev", String(repeating: "a", count: ModelLimits.noteByteCountMax)))
        #expect(world.madeEvents == [.noteRecorded])
    }
}
