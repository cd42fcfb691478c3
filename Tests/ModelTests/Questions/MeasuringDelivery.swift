import EventLog
import Ledger
import PromotionModel
import Testing

/// How often, how fast and how well a stage is delivered to.
@Suite struct MeasuringDelivery {
    private static func metrics(
        of stage: StageName,
        in world: World,
        after: Position = .origin
    ) async throws -> DeliveryMetrics {
        var found: DeliveryMetrics?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            clock.now = world.now
            found = try ledger.asked { view in
                try view.deliveryMetrics(of: stage, in: Shop.project, after: after)
            }
        }
        return try #require(found)
    }

    private static let hour: Int64 = 3_600_000

    @Test func `deployments are counted, ways back are not`() async throws {
        var world = Shop.eventful()
        world.wait(minutes: 21 * 60)
        let metrics = try await Self.metrics(of: Shop.prod, in: world)
        #expect(metrics.deployments.count == 3)
        #expect(metrics.days == 1)
        #expect(metrics.deploymentsPerDay == 3)
    }

    @Test func `going back says that the change before had failed, and mends it`() async throws {
        let metrics = try await Self.metrics(of: Shop.prod, in: Shop.eventful())
        #expect(metrics.deployments.map { $0.failure?.why } == [nil, nil, .wentBack])
        #expect(metrics.changeFailRate == 1.0 / 3)
        let failed = try #require(metrics.deployments.last)
        #expect(failed.restored?.why == .deployed)
        let failure = try #require(failed.failure)
        let restored = try #require(failed.restored)
        #expect(failure.position > failed.position)
        #expect(restored.position > failure.position)
        #expect(metrics.timeToRestoreMedianMs == 0)
    }

    @Test func `a failed promotion counts if it may have changed something, until one succeeds`()
        async throws
    {
        var world = Shop.released()
        let fix = world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod, ending: .failed)
        var metrics = try await Self.metrics(of: Shop.prod, in: world)
        #expect(metrics.deployments.map { $0.failure?.why } == [nil, .promotionFailed])
        #expect(metrics.deployments.last?.restored == nil)
        #expect(metrics.timeToRestoreMedianMs == nil)
        world.wait(minutes: 30)
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        metrics = try await Self.metrics(of: Shop.prod, in: world)
        #expect(metrics.deployments.map(\.hasSucceeded) == [true, false, true])
        #expect(metrics.timeToRestoreMedianMs == Self.hour / 2)
    }

    @Test func `a failed verification is a failure until it is verified again`() async throws {
        var world = World()
        world.given(Shop.verifying(Shop.dev, in: Shop.pair))
        world.givenPromoted(Shop.web, commit: "web-1")
        world.report(.failed)
        world.wait(minutes: 60)
        world.report(.passed, about: Shop.dev)
        let metrics = try await Self.metrics(of: Shop.dev, in: world)
        #expect(metrics.deployments.map { $0.failure?.why } == [.verificationFailed])
        #expect(metrics.deployments.map { $0.restored?.why } == [.verified])
        #expect(metrics.timeToRestoreMedianMs == Self.hour)
    }

    @Test func `each commit that is new in a stage has its lead time, once`() async throws {
        var world = World()
        world.given(Shop.pair)
        let start = world.now
        func find(_ ids: [(String, hoursAgo: Int64)]) -> RecordDiscovery {
            let artifacts = ids.map { id, hours in
                var commit = CommitArtifact(
                    repoURL: Shop.repository(Shop.web),
                    id: id,
                    branch: "main"
                )
                commit.committedAtMs = start.rawValue - hours * Self.hour
                return Artifact(commit: commit)
            }
            let finding = SubscriptionFinding(
                subscription: "",
                repoURL: Shop.repository(Shop.web),
                artifacts: artifacts
            )
            return RecordDiscovery(
                project: Shop.project,
                warehouse: Shop.web,
                findings: [finding]
            )
        }
        func deploy(_ ids: [(String, hoursAgo: Int64)]) throws {
            world.when(.recordDiscovery(find(ids)))
            world.when(.createFreight(CreateFreight(project: Shop.project, warehouse: Shop.web)))
            let freight = try #require(world.newestFreight(of: Shop.web))
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        }
        // What was there before the first deployment is no change of ours, but its own commit.
        try deploy([("b", 50), ("a", 90)])
        try deploy([("e", 10), ("d", 20), ("c", 30), ("b", 50), ("a", 90)])
        let metrics = try await Self.metrics(of: Shop.dev, in: world)
        #expect(Set(metrics.leadTimes.map(\.commit)) == ["b", "c", "d", "e"])
        #expect(metrics.leadTimes.count == 4)
        #expect(metrics.leadTimeMedianMs == 20 * Self.hour)
        let second = try #require(metrics.deployments.last)
        #expect(
            metrics.leadTimes.filter { $0.commit != "b" }.allSatisfy {
                $0.position == second.position
            }
        )
        // The period says what is counted.
        let later = try await Self.metrics(of: Shop.dev, in: world, after: second.position)
        #expect(later.deployments.isEmpty)
        #expect(later.leadTimes.isEmpty)
        #expect(later.changeFailRate == nil)
    }
}
