import EventLog
import Ledger
import PromotionModel

/// What every part of one page is made from.
///
/// Valid while the view is. Remembers the freight that it has named already.
final class PageContext {
    let path: PagePath
    let view: View
    let session: PageSession
    let refusal: FormRefusal?
    private var chips: [FreightChipKey: FreightChip?] = [:]
    private var laneColours: [ProjectName: [Origin: Int]] = [:]
    private var fieldCount = 0

    private struct FreightChipKey: Hashable {
        let freight: FreightID
        let project: ProjectName
    }

    init(_ path: PagePath, _ view: View, _ session: PageSession, _ refusal: FormRefusal?) {
        self.path = path
        self.view = view
        self.session = session
        self.refusal = refusal
    }

    /// The time that lengths are measured to.
    var now: Timestamp { view.moment.time }

    /// The last event of the ledger, whichever moment is shown.
    var head: Position { view.snapshot.head.position }

    /// Whether an earlier moment is shown: nothing on the page is live then.
    var isPast: Bool { path[.at] != nil && path[.at] != "now" && view.moment.position < head }

    /// The address of another place, at the moment that is shown.
    func link(_ place: PagePlace, _ values: [PageParameter: String] = [:]) -> PagePath {
        var path = PagePath(place, values)
        if isPast, values[.at] == nil { path[.at] = String(view.moment.position.rawValue) }
        return path
    }

    /// An id for a control that no other has on the page.
    func uniqueID(_ name: String) -> String {
        fieldCount += 1
        return "\(name)-\(fieldCount)"
    }

    /// How a piece of freight is named; nil if there is none of that id.
    func chip(_ id: FreightID, in project: ProjectName) throws(LedgerError) -> FreightChip? {
        let key = FreightChipKey(freight: id, project: project)
        if let known = chips[key] { return known }
        var chip = try chip(id, in: project, view)
        // What is compared with now may have been made later than the moment that is shown.
        if chip == nil, isPast {
            chip = try self.chip(id, in: project, view.latest(at: session.now))
        }
        chips[key] = .some(chip)
        return chip
    }

    private func chip(
        _ id: FreightID,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> FreightChip? {
        try view.ask { facts throws(FactsFailure) -> FreightChip? in
            guard let freight = try facts.freight(id, in: project) else { return nil }
            let status = try facts.freightStatus(id, in: project)
            return FreightChip(
                id: id,
                alias: status.alias,
                origin: freight.origin,
                version: freight.versionText,
                created: freight.created,
                createdAt: freight.createdAt,
                making: freight.making,
                isQuarantined: status.quarantine != nil
            )
        }
    }

    /// The colour of an origin, 0 to 7: by its place among the project's warehouses.
    func colour(of origin: Origin, in project: ProjectName) throws(LedgerError) -> Int {
        if laneColours[project] == nil {
            let names = try view.ask { facts throws(FactsFailure) in
                try facts.warehouses(in: project)
            }
            laneColours[project] = Dictionary(
                uniqueKeysWithValues: names.enumerated().map { (.warehouse($1), $0 % 8) }
            )
        }
        return laneColours[project]?[origin] ?? 7
    }
}
