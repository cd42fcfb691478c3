import Discovery
import Foundation
import Git
import PromotionModel
import Testing

/// Mirrors follow their repositories, and what is broken in them is made anew.
@Suite struct KeepingMirrors {
    let workshop: Workshop
    let lookout: Lookout

    init() throws {
        workshop = try Workshop()
        lookout = try Lookout(workshop)
    }

    @Test(arguments: ["lock", "half written", "without objects", "a file"])
    func `a mirror that cannot be used is made anew`(harm: String) async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let subscription = GitSubscription(repoURL: repository.url, branch: "main")
        _ = try await lookout.commits(subscription)
        let mirror = try lookout.mirror()
        let files = FileManager.default
        switch harm {
        case "lock":
            // What a git leaves that was killed while it wrote a reference.
            let references = try files.subpathsOfDirectory(atPath: "\(mirror)/refs/waybill")
            let reference = try #require(references.first)
            #expect(
                files.createFile(atPath: "\(mirror)/refs/waybill/\(reference).lock", contents: nil)
            )
        case "half written": try Data().write(to: URL(filePath: "\(mirror)/config"))
        case "without objects": try files.removeItem(atPath: "\(mirror)/objects")
        default:
            try files.removeItem(atPath: mirror)
            try files.createDirectory(atPath: mirror, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(filePath: "\(mirror)/HEAD"))
        }
        try await repository.push("Second")
        #expect(try await lookout.subjects(subscription) == ["Second", "First"])
        try await repository.push("Third")
        #expect(try await lookout.subjects(subscription) == ["Third", "Second", "First"])
        #expect(try lookout.mirror() == mirror)
    }

    @Test func `a repository that went away keeps its mirror, and is found again`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let subscription = GitSubscription(repoURL: repository.url, branch: "main")
        _ = try await lookout.commits(subscription)
        let away = repository.bare + ".away"
        try FileManager.default.moveItem(atPath: repository.bare, toPath: away)
        let mirror = try lookout.mirror()
        for _ in 1...2 {
            await #expect(throws: DiscoveryError.self) {
                _ = try await lookout.commits(subscription)
            }
        }
        #expect(try lookout.mirror() == mirror)
        try FileManager.default.moveItem(atPath: away, toPath: repository.bare)
        try await repository.push("Second")
        #expect(try await lookout.subjects(subscription) == ["Second", "First"])
    }

    @Test func `the configuration of a repository around the cache is not read`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        try await workshop.run(["init", "--quiet"], in: workshop.path)
        try await workshop.run(
            ["config", "url.file:///nowhere/.insteadOf", "file:///"],
            in: workshop.path
        )
        let subscription = GitSubscription(repoURL: repository.url, branch: "main")
        #expect(try await lookout.subjects(subscription) == ["First"])
    }

    @Test func `subscriptions of one warehouse are answered in their order`() async throws {
        var spec = WarehouseSpec()
        for number in 1...6 {
            let repository = try await workshop.makeRepository("web\(number)")
            try await repository.push("Of \(number)")
            let git = GitSubscription(repoURL: repository.url)
            spec.subscriptions.append(Subscription(name: "s\(number)", git: git))
        }
        let findings = try await lookout.discovery.findings(for: spec)
        #expect(findings.map(\.subscription) == (1...6).map { "s\($0)" })
        #expect(
            findings.map { $0.artifacts.first?.commit?.message } == (1...6).map { "Of \($0)" }
        )
        spec.subscriptions[3].git?.branch = "missing"
        spec.subscriptions[4].git?.branch = "missing too"
        let broken = spec
        let error = await #expect(throws: DiscoveryError.self) {
            _ = try await lookout.discovery.findings(for: broken)
        }
        #expect(error?.description.contains("web4.git has no branch missing;") == true)
    }

    @Test func `a repository with long ids is mirrored with long ids`() async throws {
        let work = try workshop.directory("long")
        try await workshop.run(
            ["init", "--quiet", "--initial-branch=main", "--object-format=sha256"],
            in: work
        )
        try await workshop.run(["commit", "--quiet", "--allow-empty", "-m", "First"], in: work)
        let found = try await lookout.commits(GitSubscription(repoURL: "file://\(work)"))
        #expect(found.map(\.message) == ["First"])
        #expect(found.first?.id.utf8.count == 64)
    }

    @Test func `two who look at one repository at once do not disturb each other`() async throws {
        let repository = try await workshop.makeRepository("web")
        for number in 1...3 {
            try await repository.push("\(number)")
            try await repository.tag("v1.0.\(number)")
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<12 {
                group.addTask {
                    var subscription = GitSubscription(repoURL: repository.url)
                    subscription.strategy = number % 2 == 0 ? .newestFromBranch : .semVer
                    subscription.discoveryLimit = Int64(number / 2 + 1)
                    return try await lookout.commits(subscription).count - min(number / 2 + 1, 3)
                }
            }
            while let difference = try await group.next() { #expect(difference == 0) }
        }
    }
}

/// A repository that does not answer costs its time limit and nothing else.
@Suite struct HangingRepositories {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// A server that takes connections and says nothing.
    private func withSilentServer(_ body: (Int) async throws -> Void) async throws {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(server, address, length) == 0 && listen(server, 16) == 0
                    && getsockname(server, address, &length) == 0
            }
        }
        try #require(bound)
        try await body(Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Whether a program runs that was started with this URL.
    private func isTalkedTo(_ url: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: "/proc")
            .compactMap { Int($0) }
            .compactMap { try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8) }
            .contains { $0.contains(url) }
    }

    @Test func `a server that says nothing is given up, with the programs that talk to it`()
        async throws
    {
        try await withSilentServer { port in
            let lookout = try Lookout(workshop) { $0.listingDurationMax = .seconds(4) }
            let url = "https://127.0.0.1:\(port)/shop/web.git"
            let repository = try await workshop.makeRepository("web")
            try await repository.push("First")
            async let other = lookout.subjects(GitSubscription(repoURL: repository.url))
            let error = await #expect(throws: DiscoveryError.self) {
                _ = try await lookout.commits(GitSubscription(repoURL: url, branch: "main"))
            }
            #expect(try await other == ["First"])
            guard case .tookTooLong = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(error?.isTerminal == false)
            // What was killed is gone when the kernel comes to it, on a busy machine later.
            let patience = ContinuousClock.now + .seconds(30)
            while try isTalkedTo(url), ContinuousClock.now < patience {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try !isTalkedTo(url))
        }
    }

    @Test func `no more repositories are looked at side by side than is allowed`() async throws {
        try await withSilentServer { port in
            let lookout = try Lookout(workshop) {
                $0.listingDurationMax = .seconds(1)
                $0.lookCountMax = 2
            }
            var spec = WarehouseSpec()
            spec.subscriptions = (1...6).map { number in
                let url = "https://127.0.0.1:\(port)/shop/web\(number).git"
                return Subscription(name: "s\(number)", git: GitSubscription(repoURL: url))
            }
            let started = ContinuousClock.now
            await #expect(throws: DiscoveryError.self) {
                _ = try await lookout.discovery.findings(for: spec)
            }
            // Three pairs, one after the other, each of which takes its time limit.
            #expect(ContinuousClock.now - started >= .seconds(3))
        }
    }

    @Test func `a connection that is refused has the same message every time`() async throws {
        var port = 0
        try await withSilentServer { port = $0 }
        let lookout = try Lookout(workshop)
        let url = "https://127.0.0.1:\(port)/shop/web.git"
        var messages: Set<String> = []
        for _ in 1...3 {
            let error = await #expect(throws: DiscoveryError.self) {
                _ = try await lookout.commits(GitSubscription(repoURL: url, branch: "main"))
            }
            messages.insert(error?.description ?? "")
        }
        #expect(messages.count == 1)
        #expect(messages.first?.contains("Failed to connect to 127.0.0.1") == true, "\(messages)")
        #expect(messages.first?.contains(" ms") == false)
    }
}
