import ConformanceSupport
import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct AvailabilityConformance {
    private static let oneFunction =
        "One function says what is available, for lists, promotions and automation alike: a list "
        + "looks at soak in the stages that the request names, and nowhere else."
    private static let noSource =
        "A request with neither `direct` nor `stages` makes nothing available, not even with `All`"

    private let differences =
        ["listed", "list"].map { operation in
            Difference(
                file: "availability.json",
                operation: operation,
                reason: oneFunction,
                where: { $0.isKnownDefect },
                promise: { row, said in
                    row.row["isAvailable"].map { said?.isSame(as: $0) == true } ?? true
                }
            )
        }
        + ["available", "listed"].map { operation in
            Difference(
                file: "availability.json",
                operation: operation,
                reason: noSource,
                where: { $0.expect == true && Self.hasNoSource($0.input) },
                promise: { _, said in said == false }
            )
        }
        + [
            Difference(
                file: "availability.json",
                operation: "list",
                reason: noSource,
                where: { row in
                    row.input["stage"]?.elements("requestedFreight").contains(where: isOpen) == true
                }
            ),
            Difference(
                file: "availability.json",
                operation: "list",
                reason: "A stage runs one piece of freight of an origin, so with `MatchUpstream` "
                    + "there is never more than one to choose from.",
                where: { Self.hasRivals($0.input) }
            ),
        ]

    @Test func `freight is available where it is in Kargo, and lists say the same`() throws {
        let file = try ConformanceFile("availability.json")
        let disagreements = file.run(differences: differences) { row in
            let pool = row.operation == "list" ? row.input.elements("freight") : []
            let freight = pool.isEmpty ? [row.input["freight"] ?? .null] : pool
            let subject = try StageWithFreight(row.input, freight: freight.filter { !$0.isNull })
            let id = FreightID(unchecked: row.input["freight"]?.text("name") ?? "")
            switch row.operation {
            case "available": return .bool(try subject.isAvailable(id))
            case "listed": return .bool(try subject.listed().contains(id))
            case "list":
                try subject.requireWarehouses()
                return .array(try subject.listed().sorted().map { .string($0.rawValue) })
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    // MARK: - Rules

    /// Whether a request says nowhere where freight comes from, and yet lets all of it pass.
    private static func isOpen(_ request: Value) -> Bool {
        let sources = request["sources"] ?? .null
        return !sources.flag("direct") && sources.elements("stages").isEmpty
            && sources.text("availabilityStrategy") == "All"
    }

    private static func hasNoSource(_ input: Value) -> Bool {
        let freight = input["freight"] ?? .null
        let stage = input["stage"] ?? .null
        let isApproved = freight["status"]?.members("approvedFor")[stage.text("name")] != nil
        return !isApproved
            && stage.elements("requestedFreight").contains {
                $0["origin"]?.origin == freight["origin"]?.origin && isOpen($0)
            }
    }

    /// Whether two pieces of freight of one origin are where a request matches its upstream.
    private static func hasRivals(_ input: Value) -> Bool {
        input["stage"]?.elements("requestedFreight").contains { request in
            let sources = request["sources"] ?? .null
            let options = sources["autoPromotionOptions"] ?? .null
            guard options.text("selectionPolicy") == "MatchUpstream" else { return false }
            let upstream = sources.elements("stages").first?.stringValue ?? ""
            let present = input.elements("freight").filter { freight in
                freight["origin"]?.origin == request["origin"]?.origin
                    && freight["status"]?.members("currentlyIn")[upstream] != nil
            }
            return present.count > 1
        } == true
    }
}

/// The stage and the freight of a case.
private struct StageWithFreight {
    private var ledger: CaseLedger
    private let stage: StageName
    private let requests: [RequestedFreight]
    private let freight: [FreightID]
    private let now: Timestamp

    init(_ input: Value, freight: [Value]) throws {
        let stage = input["stage"] ?? .null
        let project = ProjectName(unchecked: stage.text("namespace"))
        self.stage = StageName(unchecked: stage.text("name"))
        requests = try stage.elements("requestedFreight").map { try $0.requestedFreight() }
        now = try input.time("now") ?? .epoch
        ledger = CaseLedger(project: project)
        ledger.set([.project(project, Configured())])
        for warehouse in input.elements("warehouses") {
            let name = WarehouseName(unchecked: warehouse.stringValue ?? "")
            ledger.set([.warehouse(project, name, Configured())])
        }
        if !stage.isNull { ledger.add(self.stage, requests: requests) }
        for upstream in Set(requests.flatMap(\.stages)).subtracting([self.stage]) {
            ledger.add(upstream, requests: requests)
        }
        // What is of another project is not here.
        let own = freight.filter { $0.text("namespace") == project.rawValue }
        self.freight = own.map { FreightID(unchecked: $0.text("name")) }
        for (id, piece) in zip(self.freight, own) {
            let status = try FreightStatus(piece["status"] ?? .null)
            let origin = (piece["origin"] ?? .null).origin
            ledger.add(id, of: origin, status: status)
            for mark in status.current { ledger.run(id, of: origin, in: mark.stage) }
        }
    }

    func isAvailable(_ id: FreightID) throws -> Bool {
        guard let freight = ledger.facts.freight(id, in: ledger.project) else { return false }
        return try AvailabilityRule(facts: ledger.facts, project: ledger.project, now: now)
            .availability(of: freight, to: .stage(stage)).isAvailable
    }

    /// The freight that automation could take: what is available, and where a request matches
    /// its upstream, what that runs.
    func listed() throws -> [FreightID] {
        let rule = CandidateRule(facts: ledger.facts, project: ledger.project, now: now)
        return try freight.filter { id in
            guard try isAvailable(id),
                let freight = ledger.facts.freight(id, in: ledger.project),
                let request = requests.first(where: { $0.origin == freight.origin })
            else { return false }
            guard request.selection == .matchUpstream, !request.direct else { return true }
            let candidate = try rule.candidate(
                for: request,
                of: .stage(stage),
                selection: .matchUpstream
            )
            return candidate.freight?.id == id
        }
    }

    /// Throws where the stage requests an origin that does not exist: applying it is refused.
    func requireWarehouses() throws {
        guard let row = ledger.facts.stage(stage, in: ledger.project) else { return }
        let resource = Resource(
            project: ledger.project,
            specification: .stage(stage, row.spec)
        )
        var ledger = ledger
        let command = Command.applyManifests(ApplyManifests(resources: [resource]))
        guard case .refused(.manifestProblems(let problems)) = try ledger.execute(command, at: now)
        else { return }
        let missing = problems.first {
            $0.resource == "Stage/\(stage)" && $0.field.hasSuffix(".origin")
        }
        if let missing { throw UnknownOrigin(problem: missing) }
    }

    private struct UnknownOrigin: Error {
        let problem: GraphProblem
    }
}
