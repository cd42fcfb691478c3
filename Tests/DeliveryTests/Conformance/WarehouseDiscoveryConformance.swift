import ConformanceSupport
import Discovery
import EventLog
import Expressions
import PromotionModel
import Testing
import Wire

@Suite struct WarehouseDiscoveryConformance {
    private let differences = [
        Difference(
            file: "warehouse-discovery.json",
            operation: "build-freight",
            reason: "Only commits, images and charts are artifacts: this version knows no generic "
                + "ones, and refuses subscriptions that would find them.",
            where: { row in
                row.input["discovered"]?.elements("results").isEmpty == false
            },
            // All but the generic ones.
            promise: { row, said in
                guard case .object(var expected) = row.expect else { return false }
                if row.expectsError { return true }
                expected["artifacts"] = nil
                return said.map { Value.object(expected).isPart(of: $0) } == true
            }
        ),
        Difference(
            file: "warehouse-discovery.json",
            operation: "validate-discovered",
            reason: "Only commits, images and charts are artifacts: this version knows no generic "
                + "ones, and refuses subscriptions that would find them.",
            where: { $0.input["discovered"]?.elements("results").isEmpty == false }
        ),
        Difference(
            file: "warehouse-discovery.json",
            operation: "validate-discovered",
            reason: "A warehouse has no conditions: `explain` and the refusal say which "
                + "subscription found nothing.",
            where: { $0.expect["valid"] == .bool(false) },
            promise: { row, said in said?["valid"] == row.expect["valid"] }
        ),
    ]

    @Test func `warehouses are looked at, and freight is made, when Kargo does it`() throws {
        let file = try ConformanceFile("warehouse-discovery.json")
        let disagreements = file.run(
            differences: differences,
            comparing: { said, expected in expected.isPart(of: said) },
            answer: { row in
                switch row.operation {
                case "should-discover": return .bool(try Self.isDue(row.input))
                case "build-freight":
                    let discovered = try Discovered(row.input["discovered"] ?? .null)
                    return try discovered.freight()
                case "validate-discovered":
                    let discovered = try Discovered(row.input["discovered"] ?? .null)
                    return ["valid": .bool((try? discovered.freight()) != nil)]
                default: throw row.isUnknown
                }
            }
        )
        #expect(disagreements == [])
    }

    /// The configuration stands for its generation, a refresh token for somebody who asks.
    private static func isDue(_ input: Value) throws -> Bool {
        let warehouse = input["warehouse"] ?? .null
        let status = warehouse["status"] ?? .null
        var schedule = LookSchedule<String, Int64>()
        let wasDiscovered =
            status["discovered"] == .bool(true) || status["discoveredAt"] != nil
        if wasDiscovered {
            schedule.begin(
                "w",
                status["observedGeneration"]?.intValue ?? 0,
                intervalMs: try warehouse.durationMs("interval") ?? 0,
                at: try status.time("discoveredAt")
            )
            schedule.end("w", nil)
        }
        if status.text("lastHandledRefresh") != input.text("refreshToken") {
            schedule.ask(for: "w")
        }
        let generation = warehouse["generation"]?.intValue ?? 0
        guard let now = try input.time("now") else { throw UnreadableCase("no time is given") }
        return schedule.isDue("w", generation, at: now)
    }
}

/// What a case says was discovered.
private struct Discovered {
    private var spec = WarehouseSpec()
    private var findings: [SubscriptionFinding] = []

    init(_ value: Value) throws {
        for result in value.elements("git") {
            let name = result.text("subscriptionName")
            let url = result.text("repoURL")
            spec.subscriptions.append(Subscription(name: name, git: GitSubscription(repoURL: url)))
            let commits = result.elements("commits").map { commit in
                var artifact = CommitArtifact(
                    repoURL: url,
                    id: commit.text("id"),
                    branch: commit["branch"]?.stringValue,
                    tag: commit["tag"]?.stringValue
                )
                artifact.message = commit["subject"]?.stringValue
                artifact.author = commit["author"]?.stringValue
                artifact.committer = commit["committer"]?.stringValue
                artifact.subscription = name
                return Artifact(commit: artifact)
            }
            add(name, url, commits)
        }
        for result in value.elements("images") {
            var subscription = Subscription()
            subscription.name = result.text("subscriptionName")
            subscription.image = ImageSubscription()
            subscription.image?.repoURL = result.text("repoURL")
            spec.subscriptions.append(subscription)
            let images = result.elements("references").map { reference in
                var artifact = ImageArtifact(
                    repoURL: result.text("repoURL"),
                    tag: reference.text("tag"),
                    digest: reference.text("digest")
                )
                artifact.subscription = subscription.name
                return Artifact(image: artifact)
            }
            add(subscription.name, result.text("repoURL"), images)
        }
        for result in value.elements("charts") {
            var subscription = Subscription()
            subscription.name = result.text("subscriptionName")
            subscription.chart = ChartSubscription()
            subscription.chart?.repoURL = result.text("repoURL")
            subscription.chart?.chartName = result.text("name")
            spec.subscriptions.append(subscription)
            let charts = result.elements("versions").map { version in
                var artifact = ChartArtifact(
                    repoURL: result.text("repoURL"),
                    name: result.text("name"),
                    version: version.stringValue ?? ""
                )
                artifact.subscription = subscription.name
                return Artifact(chart: artifact)
            }
            add(subscription.name, result.text("repoURL"), charts)
        }
    }

    private mutating func add(_ name: String, _ url: String, _ artifacts: [Artifact]) {
        findings.append(
            SubscriptionFinding(subscription: name, repoURL: url, artifacts: artifacts)
        )
    }

    /// The artifacts of the freight that the model makes of it; throws where it refuses.
    func freight() throws -> Value {
        let project = ProjectName(unchecked: "shop")
        let warehouse = WarehouseName(unchecked: "w")
        var state = WarehouseState()
        state.findings = findings
        var facts = DictionaryFacts()
        facts.apply(
            [
                .project(project, Self.configured(ProjectSpec())),
                .warehouse(
                    project,
                    warehouse,
                    Self.configured(spec)
                ),
                .warehouseState(project, warehouse, state),
            ],
            at: Position(rawValue: 1)
        )
        let command = Command.createFreight(CreateFreight(project: project, warehouse: warehouse))
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "1"),
            actor: EventActor(name: "operator", assurance: .asserted),
            command: command,
            reason: nil
        )
        let moment = DecisionMoment(recorded: .epoch, next: Position(rawValue: 2))
        let verdict = try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        guard case .events(let drafts) = verdict,
            case .freightCreated(let event)? = drafts.first?.event
        else { throw NoFreight(said: "\(verdict)") }
        return Self.shape(of: event.artifacts)
    }

    private static func configured<Spec: Message & Hashable>(_ spec: Spec) -> Configured<Spec> {
        let position = Position(rawValue: 1)
        return Configured(spec: spec, position: position, incarnation: position)
    }

    private struct NoFreight: Error {
        let said: String
    }

    private static func shape(of artifacts: [Artifact]) -> Value {
        func value(_ texts: [(String, String?)]) -> Value {
            let members = texts.compactMap { name, text in
                text.flatMap { $0.isEmpty ? nil : (name, Value.string($0)) }
            }
            return .object(Dictionary(members) { first, _ in first })
        }
        return [
            "commits": .array(
                artifacts.compactMap(\.commit).map {
                    value([
                        ("repoURL", $0.repoURL), ("id", $0.id), ("branch", $0.branch),
                        ("tag", $0.tag), ("message", $0.message), ("author", $0.author),
                        ("committer", $0.committer), ("subscriptionName", $0.subscription),
                    ])
                }
            ),
            "images": .array(
                artifacts.compactMap(\.image).map {
                    value([
                        ("repoURL", $0.repoURL), ("tag", $0.tag), ("digest", $0.digest),
                        ("subscriptionName", $0.subscription),
                    ])
                }
            ),
            "charts": .array(
                artifacts.compactMap(\.chart).map {
                    value([
                        ("repoURL", $0.repoURL), ("name", $0.name), ("version", $0.version),
                        ("subscriptionName", $0.subscription),
                    ])
                }
            ),
        ]
    }
}

extension Value {
    /// Whether `other` says all that this says: objects may say more.
    fileprivate func isPart(of other: Value) -> Bool {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            members.allSatisfy { name, value in others[name].map(value.isPart(of:)) ?? false }
        case (.array(let elements), .array(let others)):
            elements.count == others.count
                && zip(elements, others).allSatisfy { $0.isPart(of: $1) }
        default: isSame(as: other)
        }
    }

    /// The milliseconds of a duration such as `1h30m`.
    fileprivate func durationMs(_ name: String) throws -> Int64? {
        var rest = text(name)[...]
        guard !rest.isEmpty else { return nil }
        let sizes: [Character: Double] = ["h": 3_600_000, "m": 60_000, "s": 1_000]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            guard let number = Double(digits),
                let size = rest.dropFirst(digits.count).first
                    .flatMap({ sizes[$0] })
            else { throw UnreadableCase("\(text(name)) is no duration") }
            total += number * size
            rest = rest.dropFirst(digits.count + 1)
        }
        return Int64(total)
    }
}
