import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What `get` lists.
enum ListedKind: String, CaseIterable, ExpressibleByArgument {
    case projects, warehouses, stages, junctions, tasks, clustertasks, projectconfigs
    case clusterconfigs, freight, promotions, events, bookmarks

    /// One of them.
    var singular: String { self == .freight ? "freight" : String(rawValue.dropLast()) }

    init?(argument: String) {
        let plural =
            switch argument {
            case "freights": "freight"
            case "promotiontasks", "promotiontask", "promotasks", "promotask": "tasks"
            case "clusterpromotiontasks", "clusterpromotiontask": "clustertasks"
            default: argument
            }
        guard let kind = ListedKind(rawValue: plural) ?? ListedKind(rawValue: plural + "s") else {
            return nil
        }
        self = kind
    }
}

extension PromotionPhase: ExpressibleByArgument {
    package init?(argument: String) {
        guard let phase = PromotionPhase.allCases.first(where: { "\($0)" == argument }) else {
            return nil
        }
        self = phase
    }

    package static var allValueStrings: [String] { allCases.map { "\($0)" } }
}

extension PromotionKind: ExpressibleByArgument {
    package init?(argument: String) {
        guard let kind = PromotionKind.allCases.first(where: { "\($0)" == argument }) else {
            return nil
        }
        self = kind
    }

    package static var allValueStrings: [String] { allCases.map { "\($0)" } }
}

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List things of one kind, a page at a time, or show one of them.",
        discussion: """
            Things are listed in the order of their names; freight, promotions and events newest
            first.
            For example: waybill get stages --at "2h ago"
            or: waybill get promotions --stage prod --phase failed --phase errored
            With -o yaml what is configured is written as manifests, all of it unless --limit \
            is given.
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(help: ArgumentHelp("\(ListedKind.allCases.map(\.rawValue).joined(separator: ", "))."))
    var kind: ListedKind

    @Argument(help: "One of them.")
    var name: String?

    @Option(
        help: "Promotions of this stage, or freight that it runs.",
        completion: Completions.stages
    )
    var stage: String?

    @Option(
        help: "Freight of this origin, such as Warehouse/checkout.",
        completion: Completions.origins
    )
    var origin: String?

    @Option(
        help: "Freight that this stage or junction may have, such as stage/prod.",
        completion: Completions.consumers
    )
    var availableTo: String?

    @Option(help: "Promotions in this phase; may be repeated.")
    var phase: [PromotionPhase] = []

    @Option(name: .customLong("kind"), help: "Promotions of this kind; may be repeated.")
    var promotionKind: [PromotionKind] = []

    func validate() throws {
        let freightOptions = [stage, origin, availableTo].compactMap { $0 }
        if kind == .freight, freightOptions.count > 1 {
            throw ValidationError("Give one of --stage, --origin and --available-to.")
        }
        if kind != .freight, origin != nil || availableTo != nil {
            throw ValidationError("--origin and --available-to are for freight.")
        }
        if kind != .promotions, !phase.isEmpty || !promotionKind.isEmpty {
            throw ValidationError("--phase and --kind are for promotions.")
        }
        if kind != .promotions, kind != .freight, stage != nil {
            throw ValidationError("--stage is for promotions and freight.")
        }
    }

    func run() throws {
        let session = try Session(reading: options)
        try session.read(at: try moment.reference()) { view, _ in
            if options.output == .yaml,
                let text = try ManifestListing(view: view, options: options, paging: paging)
                    .text(of: kind, name: name)
            {
                return Output.text(text)
            }
            let listing = try Listing(
                view: view,
                options: options,
                paging: paging,
                filter: ListingFilter(
                    stage: stage,
                    origin: origin,
                    availableTo: availableTo,
                    phases: Set(phase),
                    kinds: Set(promotionKind)
                )
            ).list(kind, name: name)
            if let name, listing.values.isEmpty {
                throw CommandFailure.notFound(
                    "there is no \(kind.singular) \(name.quotedForDisplay) at "
                        + "\(view.moment.position)"
                )
            }
            switch options.output {
            case .json, .yaml:
                let single = name == nil ? nil : listing.values.first
                options.show(
                    single
                        ?? Shape.list(listing.values, at: view.moment.position, next: listing.next)
                )
            case .name:
                for value in listing.values { Output.line(listing.reference(value)) }
            case .table, .wide:
                Output.text(listing.table.text)
                PageOptions.tellMore(listing.next)
            }
        }
    }
}
