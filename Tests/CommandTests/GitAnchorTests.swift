import EventLog
import Foundation
import Testing

/// What promotions leave in git of the ledger, and what it is good for.
@Suite struct GitAnchorTests {
    private static let folder = "cli/errors"

    @Test func `every promotion's commit names the event that started it, and the root then`()
        async throws
    {
        let shop = try await MainJob.done.shop
        let format =
            "%(trailers:key=Waybill-Promotion,valueonly,separator=%x2C) "
            + "%(trailers:key=Waybill-Ledger,valueonly,separator=%x2C) "
            + "%(trailers:key=Waybill-Checkpoint,valueonly,separator=%x2C)"
        let lines = try await shop.git("log", "--format=\(format)", "main").split(separator: "\n")
            .filter { $0.contains(".") }
        #expect(lines.count > 10)
        let id = try await shop.json("ledger", "info")["id"].text
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            #expect(words.count == 4 && words[1] == id)
            let event = try await shop.json("get", "events", "#\(words[2])")
            #expect(event["type"].text == "PromotionStarted")
            #expect(event["subject"].text == "promotion/\(words[0])")
            let then = try await shop.json("ledger", "checkpoint", "--at", "#\(words[2])")
            #expect(then["root"].text == words[3])
        }
        let ending = try await shop.place.run(
            "ledger",
            "verify",
            "--against-git",
            "repos/gitops.git"
        ).checked()
        #expect(ending.output.contains("; \(lines.count) commits name this ledger as it was\n"))
        let one = try await shop.place.run(
            "ledger",
            "verify",
            "--against-git",
            "repos/gitops.git",
            "--ref",
            "main~1"
        ).checked()
        #expect(one.output.contains("; \(lines.count - 1) commits name this ledger as it was\n"))
    }

    @Test func `a commit that says something else of the ledger is found`() async throws {
        let shop = try await MainJob.done.shop.copied()
        let size = Int(try shop.place.state().size)
        let id = try await shop.json("ledger", "info")["id"].text
        let root = try await shop.json("ledger", "checkpoint", "--at", "#7")["root"].text
        let rows: [(ledger: String, checkpoint: String)] = [
            (id, "7 \(root)"),
            (id, "8 \(root)"),
            (id, "\(size + 1) \(root)"),
            (id, "7 \(root.uppercased())"),
            (id, "seven"),
            ("0f6b2c1e-0000-4000-8000-000000000000", "8 \(root)"),
        ]
        for (number, row) in rows.enumerated() {
            try await commit(row.ledger, row.checkpoint, to: "b\(number)", of: shop)
        }
        let good = try await shop.place.run(
            "ledger",
            "verify",
            "--against-git",
            "repos/gitops.git",
            "--ref",
            "b0"
        ).checked()
        #expect(good.output.contains("; 1 commit names this ledger as it was\n"))
        let other = try await shop.place.run(
            "ledger",
            "verify",
            "--against-git",
            "repos/gitops.git",
            "--ref",
            "b0",
            "--ref",
            "b5"
        ).checked()
        #expect(other.output.contains("; 1 commit names this ledger as it was, 1 names another\n"))
        let ending = try await shop.place.run(
            "ledger",
            "verify",
            "--against-git",
            "repos/gitops.git",
            "-o",
            "json"
        )
        #expect(ending.code == 5)
        let findings = try ending.json["findings"].items
        #expect(findings.allSatisfy { $0["table"].text == "git" })
        let said = findings.map { $0["what"].text }.sorted {
            $0.split(separator: " ")[3] < $1.split(separator: " ")[3]
        }
        #expect(said.count == 4)
        for (text, part) in zip(
            said,
            [
                "of prod.01.b1 names root \(root), and that of the events is ",
                "of prod.01.b2 names \(size + 1) events, and there are \(size)",
                "of prod.01.b3 names root", "of prod.01.b4 has a checkpoint that is none",
            ]
        ) { #expect(text.contains(part), "\(text)") }
    }

    /// Makes a commit with these trailers, and a branch of it.
    private func commit(
        _ ledger: String,
        _ checkpoint: String,
        to branch: String,
        of shop: Shop
    ) async throws {
        let message = """
            Change \(branch)

            Waybill-Promotion: prod.01.\(branch)
            Waybill-Ledger: \(ledger)
            Waybill-Checkpoint: \(checkpoint)
            """
        let identity = ["-c", "user.name=operator", "-c", "user.email=operator@example.com"]
        let arguments = identity + ["commit-tree", "main^{tree}", "-m", message]
        let commit = try await Program.run("git", arguments, in: shop.gitops).checked().output
        _ = try await shop.git("update-ref", "refs/heads/\(branch)", String(commit.dropLast()))
    }

    @Test func `what is no repository, and a branch that is not there, is not found`()
        async throws
    {
        let place = try await LedgerDirectory.applied()
        try Files.makeDirectory(place.directory.sub("empty"))
        let identity = ["-c", "init.defaultBranch=main"]
        _ = try await Program.run("git", identity + ["init", "-q", "repo"], in: place.path)
            .checked()
        let rows = [
            ("git-no-folder", 4, ["--against-git", "nowhere"]),
            ("git-no-repository", 4, ["--against-git", "empty"]),
            ("git-no-ref", 4, ["--against-git", "repo", "--ref", "main"]),
            ("git-ref-alone", 2, ["--ref", "main"]),
        ]
        for (name, code, arguments) in rows {
            let ending = try await place.run(["ledger", "verify"] + arguments)
            try Failure.expect(ending, code: code, Self.folder, name)
        }
        let none = try await place.run("ledger", "verify", "--against-git", "repo").checked()
        #expect(none.output.contains("; 0 commits name this ledger as it was\n"))
    }
}
