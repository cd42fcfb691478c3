import Testing

/// The job that the program is for, on real git repositories.
@Suite struct MainJobTests {
    @Test func `a promotion makes one commit, which changes and names the changed services only`()
        async throws
    {
        let job = try await MainJob.done
        let expected: [(commits: [GitCommit], services: [String])] = [
            (job.firstTrain, ["catalog", "checkout", "payments", "search", "web"]),
            (job.secondTrain, ["catalog", "web"]),
            (job.hotfix, ["payments"]),
            (job.rollback, ["catalog", "payments", "web"]),
        ]
        for (commits, services) in expected {
            #expect(commits.count == 1)
            #expect(commits.first?.subject == "prod: " + services.joined(separator: ", "))
            #expect(commits.first?.files == Set(services.map { "env/prod/\($0).yaml" }))
        }
    }

    @Test func `a rollback leaves exactly what the first bundle's promotion left`() async throws {
        let job = try await MainJob.done
        #expect(job.treeAfterRollback == job.treeAfterFirstTrain)
        let difference = try await job.shop.git(
            "diff",
            job.firstTrain[0].id,
            "main",
            "--",
            "env/prod"
        )
        #expect(difference.isEmpty)
    }

    @Test func `a bundle says which of its components are changed and which are not`()
        async throws
    {
        let job = try await MainJob.done
        func changes(_ preview: JSON) -> [String: String] {
            let changes = preview["consumers"][0]["changes"].items
            let pairs = changes.map { ($0["origin"]["name"].text, $0["change"].text) }
            return Dictionary(pairs) { $1 }
        }
        #expect(
            changes(job.previews[0]) == [
                "catalog": "added", "checkout": "added", "payments": "added", "search": "added",
                "web": "added",
            ]
        )
        #expect(
            changes(job.previews[1]) == [
                "catalog": "changed", "checkout": "unchanged", "payments": "unchanged",
                "search": "unchanged", "web": "changed",
            ]
        )
    }

    @Test func `the same commits make the same freight in every ledger`() async throws {
        let job = try await MainJob.done
        let known = try await job.shop.freight()
        // Another ledger, which looks at the same repositories.
        let other = try await LedgerDirectory.made()
        for name in ["project", "warehouses"] {
            _ = try await other.run("apply", "-f", job.shop.path + "/shop/\(name).yaml").checked()
        }
        let again = Shop(place: other)
        try await again.runUntilIdle()
        let made = try await again.freight()
        #expect(made.count == 5)
        #expect(Set(made).isSubset(of: known))
    }

    @Test func `commits are the same on every machine`() async throws {
        let freight = try await MainJob.done.shop.freight()
        let lines = freight.map { "\($0.origin) \($0.commits.joined(separator: " "))\n" }
        try Golden.expect(lines.sorted().joined(), "cli/shop", "commits")
    }

    @Test func `the ledger verifies, and replays to the same bytes`() async throws {
        let shop = try await MainJob.done.shop
        let size = try shop.place.state().size
        let verified = try await shop.waybill("ledger", "verify")
        #expect(verified.output == "OK: \(size) events are sound\n")
        let replayed = try await shop.waybill("ledger", "replay")
        #expect(replayed.output.hasPrefix("OK: \(size) events make "))
        let json = try await shop.json("ledger", "replay")
        #expect(json["sound"].isTrue && json["findings"].items.isEmpty)
    }

    @Test func `when nothing is new, another run appends nothing`() async throws {
        let shop = try await MainJob.done.shop.copied()
        let before = try shop.place.state()
        let commits = try await shop.git("rev-parse", "main")
        // The copy is elsewhere, but its warehouses watch the repositories of the original.
        let ending = try await shop.runUntilIdle()
        #expect(ending.output == "Idle at #\(before.size), 0 events later\n")
        #expect(try shop.place.state() == before)
        #expect(try await shop.git("rev-parse", "main") == commits)
    }

    @Test func `dev and uat stay as they are while prod goes back`() async throws {
        let shop = try await MainJob.done.shop
        let difference = try await shop.json("diff", "prod", "uat")
        let kinds = difference["changes"].items.map { $0["change"].text }
        #expect(kinds.filter { $0 == "changed" }.count == 3)
        #expect(kinds.filter { $0 == "unchanged" }.count == 2)
        let history = try await shop.json("history", "stage/prod")
        #expect(
            history["items"].items.map { $0["promotionKind"].text }
                == ["rollback", "manual", "manual", "manual"]
        )
        #expect(history["items"][0]["reason"].text == "customers cannot pay")
    }
}
