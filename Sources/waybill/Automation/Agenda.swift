import Discovery
import EventLog
import PromotionModel

/// What the conductor has to ask about, what it waits for, and what is under way.
struct Agenda {
    /// A warehouse, stage or junction.
    struct Entry: Hashable, Comparable {
        let project: ProjectName
        let subject: Subject

        static func < (left: Entry, right: Entry) -> Bool {
            (left.project, left.subject) < (right.project, right.subject)
        }
    }

    /// Events up to here have been noticed.
    var seen = Position.origin
    /// What is to be asked about, each once, in this order.
    private var entries: [Entry] = []
    private var isListed: Set<Entry> = []
    /// When the answer about an entry changes by itself.
    private var wakeTimes: [Entry: Timestamp] = [:]
    /// Proposals that were refused or had been accepted before; not tried again until an event
    /// concerns their entry.
    private var parked: [Entry: Set<CommandID>] = [:]
    /// Warehouses that are being looked at.
    var looking: Set<Conductor.Place> = []
    /// When warehouses are looked at.
    var schedule = LookSchedule<Conductor.Place, WarehouseSpec>()
    /// Promotions that somebody should perform, first come first served.
    private var waiting: [Conductor.Promoted] = []
    /// Promotions that this process has taken on, so they need no take-over.
    private(set) var ours: Set<Conductor.Promoted> = []
    /// Promotions that are being performed.
    private(set) var performing: Set<Conductor.Promoted> = []
    /// Whether a task waits for somebody who asks for a look.
    private var isListening = false
    /// Whether a task waits for events.
    private var isFollowing = false
    /// The task that waits for a time: its number, and the time; nil if there is none.
    private var sleeper: (number: Int, until: Timestamp)?
    private var sleeperCount = 0

    // MARK: - What to ask about

    /// Puts entries on the list because of an event: what was refused about them is tried again.
    mutating func add(_ concerned: some Collection<Entry>) {
        for entry in concerned {
            parked[entry] = nil
            list(entry)
        }
    }

    private mutating func list(_ entry: Entry) {
        if isListed.insert(entry).inserted { entries.append(entry) }
    }

    /// The next entry to be asked about; nil if there is none.
    mutating func next() -> Entry? {
        guard !entries.isEmpty else { return nil }
        let entry = entries.removeFirst()
        isListed.remove(entry)
        wakeTimes[entry] = nil
        return entry
    }

    /// Notes that the answer about an entry changes by itself at `time`.
    mutating func note(_ time: Timestamp?, for entry: Entry) {
        wakeTimes[entry] = time
    }

    /// The first time at which something changes by itself.
    var wakeAt: Timestamp? { wakeTimes.values.min() }

    /// Lists what a time has come for.
    mutating func wakeUp(at now: Timestamp) {
        for entry in wakeTimes.filter({ $0.value <= now }).keys.sorted() { list(entry) }
    }

    mutating func park(_ id: CommandID, of entry: Entry) {
        parked[entry, default: []].insert(id)
    }

    func isParked(_ id: CommandID, of entry: Entry) -> Bool {
        parked[entry]?.contains(id) ?? false
    }

    // MARK: - Promotions

    /// Notes that a promotion runs, so that somebody has to perform it.
    mutating func request(_ promoted: Conductor.Promoted) {
        if ours.insert(promoted).inserted { waiting.append(promoted) }
    }

    /// The next promotion to be performed, while fewer than `limit` are.
    mutating func nextToPerform(limit: Int) -> Conductor.Promoted? {
        guard performing.count < limit, !waiting.isEmpty else { return nil }
        let promoted = waiting.removeFirst()
        performing.insert(promoted)
        return promoted
    }

    /// Notes that nobody works on a promotion any more; it stays ours if it has not ended.
    mutating func finish(_ promoted: Conductor.Promoted, hasEnded: Bool) {
        performing.remove(promoted)
        if hasEnded { ours.remove(promoted) }
    }

    // MARK: - Waiting

    /// Whether nothing is left to do now.
    var isIdle: Bool {
        entries.isEmpty && looking.isEmpty && performing.isEmpty && waiting.isEmpty
    }

    /// Whether a task that waits for events has to be started.
    mutating func mustFollow() -> Bool {
        defer { isFollowing = true }
        return !isFollowing
    }

    /// Notes that the task that waited for events has ended.
    mutating func hasFollowed() { isFollowing = false }

    /// Whether a task that waits for somebody who asks for a look has to be started.
    mutating func mustListen() -> Bool {
        defer { isListening = true }
        return !isListening
    }

    /// Notes that the task that waited for somebody who asks has ended.
    mutating func hasListened() { isListening = false }

    /// The number of a task that is to wait until `time`; nil where one wakes soon enough.
    mutating func newSleeper(until time: Timestamp) -> Int? {
        if let sleeper, sleeper.until <= time.adding(milliseconds: 50) { return nil }
        sleeperCount += 1
        sleeper = (sleeperCount, time)
        return sleeperCount
    }

    /// Notes that a task that waited for a time has ended; one that an earlier one replaced
    /// changes nothing.
    mutating func hasSlept(_ number: Int) {
        if sleeper?.number == number { sleeper = nil }
    }
}
