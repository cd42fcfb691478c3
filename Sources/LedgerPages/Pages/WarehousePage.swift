import EventLog
import Ledger
import PromotionModel

/// A warehouse: what it watches, what it found, why no freight is made, its freight.
struct WarehousePage {
    private static let freightCount = 20

    let context: PageContext
    let warehouse: WarehouseName
    let project: ProjectName

    init(
        _ context: PageContext,
        _ warehouse: WarehouseName,
        _ project: ProjectName
    ) throws(LedgerError) {
        self.context = context
        self.warehouse = warehouse
        self.project = project
    }

    func content() throws(LedgerError) -> PageContent {
        let answer = try context.view.explain(warehouse, in: project)
        let state = try context.view.ask { facts throws(FactsFailure) in
            try facts.warehouseState(warehouse, in: project)
        }
        let before = Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
        let page = try context.view.freight(
            of: .warehouse(warehouse),
            in: project,
            before: before,
            limit: Self.freightCount
        )
        var rows: [Fill] = []
        for id in page.items {
            guard let chip = try context.chip(id, in: project) else { continue }
            rows.append([
                "freight": context.fill(chip), "version": chip.version,
                "created": context.when(chip.createdAt), "making": chip.making.word,
                "bad": try self.state(of: id)?.fill, "message": try message(of: id),
            ])
        }
        let word =
            state.failure == nil
            ? StateWord(.ok, "ok", "looks well") : StateWord(.fail, "warn", "cannot be looked at")
        return PageContent(
            title: warehouse.rawValue,
            template: "warehouse",
            fill: [
                "name": warehouse.rawValue, "project": project.rawValue,
                "pipeline": context.link(.pipeline(project)).text, "state": word.fill,
                "looked": state.discovered == .origin ? nil : context.when(state.discoveredAt),
                "interval": TimeText.length(answer.intervalMs),
                "reasons": answer.reasons.map(context.reason),
                "subscriptions": answer.subscriptions.map { item in
                    [
                        "name": item.name, "repository": item.repoURL,
                        "selection": item.selection, "chosen": item.chosen ?? "nothing",
                        "count": counted(item.candidateCount, "candidate"),
                        "grid": context.link(.grid(project), [.artifact: item.repoURL]).text,
                    ] as Fill
                },
                "rows": rows, "nothing": rows.isEmpty ? true : nil,
                "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
                "notes": try context.notes(about: .warehouse(warehouse), in: project),
            ],
            chrome: PageChrome(context)
        )
    }

    private func state(of id: FreightID) throws(LedgerError) -> StateWord? {
        try context.view.ask { facts throws(FactsFailure) in
            try facts.freightStatus(id, in: project)
        }.word
    }

    /// What its first commit says.
    private func message(of id: FreightID) throws(LedgerError) -> String? {
        try context.view.ask { facts throws(FactsFailure) in
            try facts.freight(id, in: project)?.artifacts.first?.commit?.message
        }
    }
}
