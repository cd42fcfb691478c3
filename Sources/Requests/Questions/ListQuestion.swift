import EventLog
import LedgerAPI
import PromotionModel
import Ledger

/// What there is of one kind, a page at a time, or one of them: `waybill get`.
package struct ListQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?
    /// What is listed.
    package var kind = ListedKind.projects
    /// One of them; nil for a page of all.
    package var name: String?
    package var stage: String?
    package var origin: String?
    package var availableTo: String?
    package var phases: [String] = []
    package var promotionKinds: [String] = []

    package init() {}

    package var place: RequestPlace {
        switch kind {
        case .projects, .clustertasks, .clusterconfigs: .ofLedger(kind.rawValue)
        case .warehouses, .stages, .junctions, .tasks, .projectconfigs, .freight, .promotions,
            .events, .bookmarks:
            .ofProject(kind.rawValue)
        }
    }

    /// What can be said besides the kind.
    package static let fields: [RequestField<ListQuestion>] = [
        .at, .limit, .cursor,
        .text("name", \.name, "The one that is called so, in the place of all."),
        .text(
            "stage",
            \.stage,
            "Promotions of this stage, deleted or not; or freight that it runs."
        ),
        .text("origin", \.origin, "Freight of this origin, such as Warehouse/checkout."),
        .text(
            "availableTo",
            \.availableTo,
            "Freight that this stage or junction may have, such as stage/prod."
        ),
        .texts(
            "phase",
            \.phases,
            "Promotions in these phases.",
            among: PromotionPhase.allCases.map { "\($0)" }
        ),
        .texts(
            "kind",
            \.promotionKinds,
            "Promotions of these kinds.",
            among: PromotionKind.allCases.map { "\($0)" }
        ),
    ]

    package var contradiction: String? {
        let freightWords = [stage, origin, availableTo].compactMap { $0 }
        if kind == .freight, freightWords.count > 1 {
            return "Give one of --stage, --origin and --available-to."
        }
        if kind != .freight, origin != nil || availableTo != nil {
            return "--origin and --available-to are for freight."
        }
        if kind != .promotions, !phases.isEmpty || !promotionKinds.isEmpty {
            return "--phase and --kind are for promotions."
        }
        if kind != .promotions, kind != .freight, stage != nil {
            return "--stage is for promotions and freight."
        }
        return nil
    }

    private var filter: ListingFilter {
        ListingFilter(
            stage: stage,
            origin: origin,
            availableTo: availableTo,
            phases: Set(PromotionPhase.allCases.filter { phases.contains("\($0)") }),
            kinds: Set(PromotionKind.allCases.filter { promotionKinds.contains("\($0)") })
        )
    }

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.read(at: try .said(at)) { view in
            if desk.form == .manifests,
                let text = try ManifestListing(view: view, choice: desk.choice, paging: paging)
                    .text(of: kind, name: name)
            {
                return .text(text)
            }
            let listing = try Listing(
                view: view,
                choice: desk.choice,
                paging: paging,
                filter: filter
            ).list(kind, name: name)
            if let name, listing.values.isEmpty {
                let project = try desk.choice.name(view.facts)
                throw CommandFailure.unknown(kind.singular, name, in: project, view)
            }
            switch desk.form {
            case .value, .manifests:
                let single = name == nil ? nil : listing.values.first
                return .value(
                    single
                        ?? Shape.list(listing.values, at: view.moment.position, next: listing.next)
                )
            case .names:
                return .text(listing.values.map { listing.reference($0) + "\n" }.joined())
            case .text: return .text(listing.table.text + Paging.more(listing.next))
            }
        }
    }
}
