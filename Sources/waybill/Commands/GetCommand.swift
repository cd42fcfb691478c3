import ArgumentParser
package import PromotionModel
package import Requests

extension ListedKind: ExpressibleByArgument {
    package init?(argument: String) {
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

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List things of one kind, a page at a time, or show one of them.",
        discussion: """
            Things are listed in the order of their names; freight, promotions and events newest \
            first. The singular of a kind is understood, too. A bundle stands where it was made \
            first.

            Phases pending and running are looked up at the stages; other phases and kinds are \
            looked for from the newest promotion back.

            Of stages the column VERIFIED says how what runs was judged: passed, failed, \
            errored, inconclusive, aborted, 'open 5m' (nobody has reported yet), and where \
            nobody looked implicit or assumed. STATE names health that is not well.

            With -o yaml what is configured is written as manifests, all of it unless --limit is \
            given: applied again they change nothing.

            For example: waybill get stages --at "2h ago"
            or: waybill get promotions --stage prod --phase failed --phase errored
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
        help: "Promotions of this stage, deleted or not; or freight that it runs.",
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

    private var question: ListQuestion {
        var question = ListQuestion()
        question.kind = kind
        question.name = name
        question.stage = stage
        question.origin = origin
        question.availableTo = availableTo
        question.phases = phase.map { "\($0)" }
        question.promotionKinds = promotionKind.map { "\($0)" }
        return question
    }

    func validate() throws {
        if let sentence = question.contradiction { throw ValidationError(sentence) }
    }

    func run() async throws {
        try await CommandClient(asking: options).answer(question.of(moment, paging))
    }
}
