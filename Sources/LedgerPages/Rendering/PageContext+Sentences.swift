import EventLog
import Ledger
import PromotionModel

extension PageContext {
    /// The version of a component's freight, or its name; what is gone is a dash.
    func label(_ id: FreightID?, in project: ProjectName) throws(LedgerError) -> String {
        guard let id else { return "none" }
        return try chip(id, in: project)?.label ?? String(id.rawValue.prefix(7))
    }

    /// A freight chip in a sentence.
    func span(_ id: FreightID, in project: ProjectName) throws(LedgerError) -> Span {
        if let chip = try chip(id, in: project) { return .freight(chip) }
        return .code(String(id.rawValue.prefix(7)))
    }

    /// What a promotion brings: `checkout 3.9.0 to 3.9.1`, `2026.48`, `what ran at #1,204`.
    func object(
        of promotion: Promotion,
        _ state: PromotionState?,
        in project: ProjectName
    ) throws(LedgerError) -> [Span] {
        if promotion.kind == .rollback || promotion.kind == .restore, let target = promotion.target
        {
            return try target.carrierSpans(self, project)
        }
        let changed = (state?.changes ?? []).filter { $0.kind.countsAsChanged }
        if changed.count == 1, let change = changed.first, let from = change.from,
            let to = change.to
        {
            return [
                .text(change.origin.name + " "),
                .change(from: try label(from, in: project), to: try label(to, in: project)),
            ]
        }
        var spans: [Span] = []
        for (index, id) in promotion.freight.prefix(3).enumerated() {
            if index > 0 { spans.append(.text(", ")) }
            guard let chip = try chip(id, in: project) else { continue }
            if chip.origin.kind == .warehouse {
                spans += [.text(chip.origin.name + " "), .version(chip.version)]
            } else {
                spans.append(.freight(chip))
            }
        }
        if promotion.freight.count > 3 {
            spans.append(.text(" and \(promotion.freight.count - 3) more"))
        }
        return spans
    }
}

extension FreightCollection {
    /// The one bundle that brought all of it, or how many components it has.
    func carrierSpans(
        _ context: PageContext,
        _ project: ProjectName
    ) throws(LedgerError) -> [Span] {
        let carriers = Set(components.map(\.carrier))
        if carriers.count == 1, let only = carriers.first {
            return [try context.span(only, in: project)]
        }
        let bundles = Set(components.filter { $0.carrier != $0.freight }.map(\.carrier))
        guard bundles.count == 1, let bundle = bundles.first else {
            return [.text(counted(components.count, "component"))]
        }
        let others = components.count { $0.carrier == $0.freight }
        return [try context.span(bundle, in: project), .text(" with \(others) changed")]
    }
}
