import EventLog
import Foundation
import Glibc
import Testing

/// A `waybill run` that is killed in each step of a promotion in turn.
@Suite(.serialized) struct KilledSteps {
    /// A git that counts its calls, and kills who called it at the one that `FOLDER/kill` says:
    /// before it does what it was asked for, or after.
    private static func script(_ folder: String, _ path: String) -> String {
        """
        #!/bin/sh
        PATH='\(path)'
        echo "$*" >>'\(folder)/calls'
        number=$(wc -l <'\(folder)/calls')
        wanted=$(cat '\(folder)/kill' 2>/dev/null)
        [ "$wanted" = "before $number" ] && kill -9 $PPID && exit 1
        git "$@"
        status=$?
        [ "$wanted" = "after $number" ] && kill -9 $PPID
        exit $status

        """
    }

    private func run(_ shop: Shop, _ folder: String, kill: String?) async throws -> Ending {
        try Files.write("", to: "\(folder)/calls")
        try Files.write(kill ?? "", to: "\(folder)/kill")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try await shop.place.run(
            SmallShop.run,
            environment: ["PATH": "\(folder):\(path)"]
        )
    }

    /// Commits something new to the service.
    static func push(_ number: Int, in shop: Shop) async throws {
        let repository = shop.place.directory.sub("repos/checkout.git")
        let script = """
            export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@example.com
            export GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@example.com
            new=$(echo "Change \(number)" | git commit-tree -p main 'main^{tree}')
            git update-ref refs/heads/main "$new"
            """
        _ = try await Program.run("sh", ["-c", script], in: repository).checked()
    }

    @Test(.doesNotHang, arguments: ["before", "after"])
    func `there is one commit, at whichever call of git it is killed`(_ when: String) async throws {
        let shop = try await SmallShop.made()
        let folder = shop.place.directory.sub("bin")
        try Files.makeDirectory(folder)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        try Files.write(Self.script(folder, path), to: "\(folder)/git")
        try Files.setMode(0o755, of: "\(folder)/git")
        _ = try await run(shop, folder, kill: nil).checked()

        var number = 0
        var kills = 0
        while true {
            number += 1
            try await Self.push(number, in: shop)
            let before = try await shop.git("rev-parse", "main")
            let killed = try await run(shop, folder, kill: "\(when) \(number)")
            let wasKilled = killed.code == 128 + Int(SIGKILL)
            if wasKilled { kills += 1 }
            _ = try await run(shop, folder, kill: nil).checked()
            let commits = try await shop.git("rev-list", "--count", "\(before)..main")
            #expect(commits == "1", "killed \(when) call \(number)")
            let promotion = try await shop.json("get", "promotions", "--limit", "1")["items"][0]
            #expect(promotion["phase"].text == "succeeded", "killed \(when) call \(number)")
            // One more than a whole run needs.
            if !wasKilled { break }
        }
        // Looking takes some of them, clone, commit and push each several.
        #expect(kills > 12, "\(kills)")
        let left = try Files.names(shop.place.directory.sub("ledger/work"))
        #expect(left.filter { $0 != "askpass" } == [])
        try await shop.waybill("ledger", "verify")
        try await shop.waybill("ledger", "replay")
    }

    @Test(.doesNotHang)
    func `there is one commit, after whichever of its reports it is killed`() async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        var kills = 0
        // What a promotion of one component records, from its request to its success.
        for count in 1...13 {
            try await Self.push(count, in: shop)
            let before = try await shop.git("rev-parse", "main")
            let size = try shop.place.state().size
            let killed = try await Program.run(Program.waybill, SmallShop.run, in: shop.path) {
                run in
                let log = try EventLog.open(at: shop.place.ledger, access: .read)
                for await head in try log.follow(after: Position(rawValue: size)) {
                    // The kill is no sooner than the report; what it interrupts is chance.
                    if head.position.rawValue >= size + UInt64(count) { break }
                }
                run.send(SIGKILL)
                await log.close()
            }
            if killed.code == 128 + Int(SIGKILL) { kills += 1 }
            try await shop.runUntilIdle()
            let commits = try await shop.git("rev-list", "--count", "\(before)..main")
            #expect(commits == "1", "killed after \(count) events")
        }
        #expect(kills > 6, "\(kills)")
        try await shop.waybill("ledger", "replay")
    }
}
