import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What `get` lists.
enum ListedKind: String, CaseIterable, ExpressibleByArgument {
    case projects, warehouses, stages, junctions, freight, promotions, events
    case tasks, clustertasks, projectconfigs, clusterconfigs

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

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List projects, warehouses, stages, junctions, freight, promotions or events.",
        discussion: "For example: waybill get stages --at \"2h ago\""
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions

    @Argument(help: "projects, warehouses, stages, junctions, freight, promotions or events.")
    var kind: ListedKind

    @Argument(help: "One of them.")
    var name: String?

    @Option(help: "Promotions of this stage only.", completion: Completions.stages)
    var stage: String?

    @Option(
        help: "Freight of this origin only, such as Warehouse/checkout.",
        completion: Completions.origins
    )
    var origin: String?

    @Option(help: "At most so many.")
    var limit: Int = 100

    @Option(help: "What comes before this position: the 'next' of the page before.")
    var before: UInt64?

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        let session = try Session(reading: options)
        try session.read(at: try moment.reference()) { view, _ in
            if options.output == .yaml,
                let text = try ManifestListing(view: view, options: options)
                    .text(of: kind, name: name)
            {
                return Output.text(text)
            }
            let listing = try Listing(
                view: view,
                options: options,
                before: before.map { Position(rawValue: $0) } ?? Position(rawValue: .max),
                limit: limit,
                stage: stage,
                origin: origin
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
                if let next = listing.next {
                    Output.line("(more: --before \(next.rawValue))")
                }
            }
        }
    }
}
