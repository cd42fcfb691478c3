import EventLog
import Histories
import PromotionModel
import Testing

/// A shop in which much happens: freight flows, trains leave, hotfixes overtake them, promotions
/// fail, and people go back.
struct LivelyShop {
    private(set) var world = World()
    private var generator: SeededGenerator
    private var commitCount = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        world.given(Shop.resources)
    }

    /// Lets some minutes pass, and one thing happen with all that follows from it.
    mutating func step() {
        world.wait(minutes: Int64.random(in: 1...90, using: &generator))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...2: discover()
        case 3: repackage()
        case 4, 5: promote()
        case 6: rollBack()
        case 7: collect()
        case 8: resume()
        default: annotate()
        }
        if Bool.random(using: &generator) { world.settle() }
    }

    private mutating func pick<T>(_ items: [T]) -> T {
        items[Int.random(in: items.indices, using: &generator)]
    }

    private mutating func discover() {
        commitCount += 1
        let warehouse = pick(Shop.warehouses)
        world.givenFreight(warehouse, commit: "\(warehouse)-\(commitCount)")
    }

    private mutating func repackage() {
        commitCount += 1
        let alias = Bool.random(using: &generator) ? "train-\(commitCount)" : nil
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: alias)),
            by: "release-manager",
            reason: alias
        )
    }

    /// Promotes a bundle or a leaf by hand, often with success.
    private mutating func promote() {
        let stage = pick([Shop.uat, Shop.prod, Shop.prod])
        let request = RequestPromotion(
            project: Shop.project,
            stage: stage,
            selection: .named([freight()]),
            allowRegression: Bool.random(using: &generator)
        )
        world.when(.requestPromotion(request), by: "release-manager", reason: "release")
        performFirst(on: stage)
    }

    private mutating func rollBack() {
        let stage = pick([Shop.uat, Shop.prod])
        let command = RollBackStage(project: Shop.project, stage: stage, target: .previous)
        world.when(.rollBackStage(command), by: "on-call", reason: "errors")
        performFirst(on: stage)
    }

    private mutating func performFirst(on stage: StageName) {
        let state = world.facts.stageState(stage, in: Shop.project)
        guard state.running == nil, let first = state.pending.first?.name else { return }
        world.perform(first, ending: pick([.succeeded, .succeeded, .succeeded, .failed]))
    }

    private mutating func collect() {
        let freight = Bool.random(using: &generator) ? [] : [freight()]
        world.when(
            .collectFreight(
                CollectFreight(project: Shop.project, junction: Shop.release, freight: freight)
            ),
            by: "release-manager"
        )
    }

    private mutating func resume() {
        let stage = pick([Shop.dev, Shop.uat, Shop.prod])
        world.when(.resumeAutomation(ResumeAutomation(project: Shop.project, stage: stage)))
    }

    private mutating func annotate() {
        commitCount += 1
        let note = RecordNote(
            project: Shop.project,
            subject: .stage(Shop.prod),
            text: "note \(commitCount)"
        )
        let bookmark = SetBookmark(project: Shop.project, name: pick(["freeze", "release"]))
        world.when(pick([.recordNote(note), .setBookmark(bookmark)]), by: "operator")
    }

    private mutating func freight() -> String {
        let origins = Shop.warehouses.map { Origin.warehouse($0) } + [.junction(Shop.release)]
        let entries = world.facts.freight(
            of: pick(origins),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 3
        )
        return entries.isEmpty ? "none" : pick(entries).freight.rawValue
    }
}
