import EventLog
package import Ledger
package import PromotionModel

/// Freight for a stage, or what is verified in a stage for all behind it: `waybill promote`.
package struct PromotionChange: Change {
    package var stage: String?
    package var freight: [String] = []
    package var from: String?
    package var all = false
    package var origin: String?
    package var downstream = false
    package var verifiedOnly = false
    package var now = false
    package var allowRegression = false

    package init() {}

    package var place: RequestPlace { .ofProject("promote") }

    package static let fields: [RequestField<PromotionChange>] = [
        .text("stage", \.stage, "The stage that gets the freight."),
        .texts("freight", \.freight, "Freight, by alias or at least six digits of its id."),
        .text("from", \.from, "Take what is current and verified in this stage."),
        .flag("all", \.all, "With from: everything that the stage requests."),
        .text("origin", \.origin, "With from: this origin only, such as Warehouse/payments."),
        .flag(
            "downstream",
            \.downstream,
            "With from: to every stage and junction that takes freight from it."
        ),
        .flag(
            "verifiedOnly",
            \.verifiedOnly,
            "With from: instead of refusing, go without what is not current or verified there."
        ),
        .flag(
            "now",
            \.now,
            "Go before others by hand, and take the place of a promotion that only waits for "
                + "input."
        ),
        .flag(
            "allowRegression",
            \.allowRegression,
            "Allow older freight to replace what was put in by itself."
        ),
    ]

    package var contradiction: String? {
        if freight.isEmpty != (from != nil) {
            return "Say what to promote: --freight F, or --from STAGE."
        }
        if downstream == (stage != nil) {
            return "Say where to: --stage STAGE, or --from STAGE --downstream."
        }
        if from == nil, all || origin != nil || downstream || verifiedOnly {
            return "--all, --origin, --downstream and --verified-only go with --from STAGE."
        }
        if from != nil, [all, origin != nil, downstream].count(where: { $0 }) != 1 {
            return "With --from, say --all, --origin ORIGIN or --downstream."
        }
        if downstream, now || allowRegression {
            return "--now and --allow-regression go with --stage STAGE."
        }
        return nil
    }

    package func command(_ desk: Desk) throws -> Command {
        guard let stage else {
            let source = try Names.stage(from ?? "")
            return .promoteDownstream(
                PromoteDownstream(
                    project: try desk.project(),
                    stage: source,
                    verifiedOnly: verifiedOnly
                )
            )
        }
        let target = try Names.stage(stage)
        let selection: FreightSelection =
            if let from {
                .from(try Names.stage(from), origin: try origin.map(Names.origin))
            } else {
                .named(freight)
            }
        return .requestPromotion(
            RequestPromotion(
                project: try desk.project(),
                stage: target,
                selection: selection,
                allowRegression: allowRegression,
                now: now,
                verifiedOnly: verifiedOnly
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        guard stage == nil else { return Quiet(sentence: "Nothing to promote.") }
        let source = try Names.stage(from ?? "")
        return Quiet(
            sentence: "Everything behind stage \(source) has that already, or is getting it."
        )
    }

    package func told(_ view: View, _ events: [LedgerEvent]) throws -> String {
        (downstream ? headline(events) + "\n" : "") + Narrator.text(events)
    }

    /// Where what is verified goes, so that nobody takes it for a promotion to one stage.
    private func headline(_ events: [LedgerEvent]) -> String {
        var places: [String] = []
        for event in events {
            if case .promotionRequested(let request) = event.event {
                places.append("stage/\(request.request.stage)")
            } else if case .freightCollected(let collected) = event.event {
                let place = "junction/\(collected.junction)"
                if places.last != place { places.append(place) }
            }
        }
        return "What is verified in \(from ?? "it") goes to all behind it: "
            + places.joined(separator: ", ")
    }
}
