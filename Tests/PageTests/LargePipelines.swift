import EventLog
import Ledger
import PromotionModel
import Testing

@testable import LedgerPages

/// Six hundred stages stay a page.
@Suite struct LargePipelines {
    /// 25 services, dev and uat, a junction, twelve canaries, and three regions behind them.
    private static var resources: [Resource] {
        let names = (1...25).map { "service-\($0)" }
        let origins = names.map { Origin.warehouse(WarehouseName(unchecked: $0)) }
        let dev = StageName(unchecked: "dev")
        let uat = StageName(unchecked: "uat")
        let bundle = Origin.junction(Shop.release)
        var junction = JunctionSpec()
        junction.requestedFreight = origins.map { RequestedFreight(origin: $0, stages: [uat]) }
        var stages: [Specification] = [
            .stage(
                dev,
                Shop.stage(origins.map { RequestedFreight(origin: $0, direct: true) }, ["push"])
            ),
            .stage(
                uat,
                Shop.stage(origins.map { RequestedFreight(origin: $0, stages: [dev]) }, ["push"])
            ),
            .junction(Shop.release, junction),
        ]
        let canaries = (1...12).map { StageName(unchecked: "canary-\($0)") }
        for name in canaries {
            stages.append(
                .stage(name, Shop.stage([RequestedFreight(origin: bundle, direct: true)], ["push"]))
            )
        }
        for region in ["eu", "us", "ap"] {
            for number in 1...196 {
                let request = RequestedFreight(origin: bundle, stages: canaries)
                stages.append(
                    .stage(
                        StageName(unchecked: "prod-\(region)-\(number)"),
                        Shop.stage([request], ["push", region])
                    )
                )
            }
        }
        let all: [Specification] =
            [.project]
            + names.map { .warehouse(WarehouseName(unchecked: $0), Shop.warehouse($0)) } + stages
        return all.map { Resource(project: Story.project, specification: $0) }
    }

    @Test func `no more cards are drawn than can be read, and the page stays small`() async throws {
        let story = try Story()
        // One command writes at most 16 MiB.
        let resources = Self.resources
        for start in stride(from: 0, to: resources.count, by: 60) {
            let part = Array(resources[start..<min(start + 60, resources.count)])
            try await story.act(
                .applyManifests(ApplyManifests(resources: part)),
                by: "operator"
            )
        }
        for number in 1...3 { try await story.discover("service-\(number)", "1.\(number).0") }
        let renderer = Renderer(story: story, checkpoint: nil)
        for (name, address) in [
            ("large", "/p/shop"), ("large-all", "/p/shop?lanes=all"),
            ("large-open", "/p/shop?open=prod-eu-1"),
        ] {
            let clock = ContinuousClock()
            let begin = clock.now
            let page = try renderer.page(address)
            print("\(address): \(page.html.count) bytes, \(clock.now - begin)")
            try renderer.write(page, as: name)
            renderer.check(page, address)
            let html = String(decoding: page.html, as: UTF8.self)
            let cards = html.split(separator: "data-card=").count - 1
            #expect(cards <= PipelineGraph.cardCountMax, "\(address)")
            #expect(page.html.count < 600_000, "\(address)")
        }
        await story.ledger.log.close()
    }
}
