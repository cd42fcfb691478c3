import EventLog
import Foundation
import Glibc
import Testing

/// A stage that is verified by steps, from its manifest to what people see.
@Suite struct VerificationStepsTests {
    /// Looks whether the environment's file in the GitOps repository has a tag that is allowed.
    private static func verification(allowing pattern: String) -> String {
        """
        {steps: [
              {uses: git-clone, config: {repoURL: "${{ vars.gitops }}",
                checkout: [{branch: main, path: out}]}},
              {uses: yaml-parse, as: env, config: {path: out/env/dev/checkout.yaml,
                outputs: [{name: tag, fromExpression: image.tag}]}},
              {uses: fail, as: looks-wrong, if: "${{ not (outputs.env.tag matches '\(pattern)') }}",
                config: {message: "the tag ${{ outputs.env.tag }} is none of \(pattern)"}}]}
        """
    }

    private func shop(allowing pattern: String) async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        let verification = Self.verification(allowing: pattern)
        _ = try await shop.place.apply(
            SmallShop.manifests(in: shop, verification: verification)
        ).checked()
        return shop
    }

    @Test func `the steps run after the promotion, and what passed is verified`() async throws {
        let shop = try await shop(allowing: "^[0-9a-f]{40}$")
        let run = try await shop.runUntilIdle()
        #expect(run.output.contains(" is being verified by 3 steps"), "\(run.output)")
        #expect(run.output.contains(": verification passed"), "\(run.output)")
        let promotion = try await shop.json("get", "promotions")["items"][0]
        let record = promotion["verification"]
        #expect(record["result"].text == "successful" && record["actor"].text == "runner")
        #expect(
            record["steps"].items.map { "\($0["alias"].text) \($0["status"].text)" }
                == ["step-1 succeeded", "env succeeded", "looks-wrong skipped"]
        )
        let freight = try await shop.json("get", "freight")["items"][0]
        #expect(freight["verified"].items.map { $0["stage"].text } == ["dev"])
        let page = try await shop.waybill("describe", "promotion/\(promotion["name"].text)").output
        #expect(page.contains("Verification steps"))
        try await shop.waybill("ledger", "replay")
        let idle = try shop.place.state()
        try await shop.runUntilIdle()
        #expect(try shop.place.state() == idle, "it is not verified twice")
    }

    @Test func `what a step finds is told, and nothing goes further`() async throws {
        let shop = try await shop(allowing: "^v1")
        let run = try await shop.runUntilIdle()
        #expect(run.output.contains(": verification failed: step looks-wrong: the tag "))
        let freight = try await shop.json("get", "freight")["items"][0]
        #expect(freight["verified"].items.isEmpty)
        let explained = try await shop.waybill("explain", "stage/dev").output
        #expect(explained.contains("what runs failed its verification"))
        #expect(explained.contains("is none of ^v1"))
        #expect(explained.contains("waybill report --promotion dev."))
    }

    @Test(.doesNotHang)
    func `a run that is killed while it verifies begins the steps anew`() async throws {
        let shop = try await shop(allowing: "^[0-9a-f]{40}$")
        try await shop.runUntilIdle()
        // From the last steps of the promotion to the end of its verification.
        for count in 10...14 {
            try await KilledSteps.push(count, in: shop)
            let size = try shop.place.state().size
            _ = try await Program.run(Program.waybill, SmallShop.run, in: shop.path) { run in
                let log = try EventLog.open(at: shop.place.ledger, access: .read)
                for await head in try log.follow(after: Position(rawValue: size)) {
                    if head.position.rawValue >= size + UInt64(count) { break }
                }
                run.send(SIGKILL)
                await log.close()
            }
            try await shop.runUntilIdle()
            let promotion = try await shop.json("get", "promotions", "--limit", "1")["items"][0]
            #expect(promotion["verification"]["result"].text == "successful", "killed at \(count)")
        }
        let types = try await shop.eventTypes()
        #expect(types.count { $0 == "VerificationStarted" } == 6)
        #expect(types.count { $0 == "VerificationFinished" } == 6)
        let left = try Files.names(shop.place.directory.sub("ledger/work"))
        #expect(left.filter { $0 != "askpass" } == [])
        try await shop.waybill("ledger", "replay")
    }
}
