import Discovery
import EventLog
import Glibc
import PromotionModel

/// What discovery costs against the git calls that it makes, on repositories of this machine.
enum DiscoveryBenchmark {
    private static let roundCount = 7

    /// Measures tags, a round over unchanged repositories, and a long history.
    ///
    /// `part` is one of them alone.
    static func run(in parent: String, part: String?) async throws {
        guard let resolved = unsafe realpath(parent, nil) else {
            Output.error("\(parent) is no directory")
            exit(2)
        }
        defer { unsafe free(resolved) }
        let directory = unsafe String(cString: resolved) + "/discovery-\(getpid())"
        shell("mkdir \(directory)")
        Output.line("| what | median | worst | wanted | |\n|---|---|---|---|---|")
        if part == nil || part == "tags" { try tags() }
        if part == nil || part == "round" { try await unchanged(in: directory) }
        if part == nil || part == "history" { try await history(in: directory) }
        shell("rm -rf \(directory)")
        Output.line(ownCosts())
    }

    /// 20,000 tags through regular expressions, a range, and into their order.
    private static func tags() throws {
        var generator = SystemRandomNumberGenerator()
        let tags = (0..<20_000).map { number in
            var tag = TagDetails()
            let kind = ["v", "v", "v", "release-", ""][number % 5]
            let suffix = number % 7 == 0 ? "-rc.\(number % 9)" : ""
            tag.name = "\(kind)\(number / 1_000).\(number / 10 % 100).\(number % 10)\(suffix)"
            tag.commit.id = String(number)
            return tag
        }.shuffled(using: &generator)
        var subscription = GitSubscription()
        subscription.strategy = .semVer
        subscription.semverConstraint = ">=1.0.0 <15 || ^17.2"
        subscription.allowTagsRegexes = ["^v[0-9]+\\.", "^[0-9]"]
        subscription.ignoreTagsRegexes = ["-(alpha|beta)", "^v13\\."]
        var times: [Duration] = []
        for _ in 0..<roundCount {
            let began = ContinuousClock.now
            let chosen = try CommitSelection(subscription).chosen(of: tags)
            times.append(ContinuousClock.now - began)
            precondition(chosen.count > 5_000, "\(chosen.count) tags were chosen")
        }
        report("20,000 tags by regular expressions and semver", times, wanted: 100)
    }

    /// 100 warehouses whose repositories did not change.
    private static func unchanged(in directory: String) async throws {
        let count = 100
        shell("git init -q -b main \(directory)/seed && cd \(directory)/seed && \(commit("one"))")
        for number in 0..<count {
            shell("git clone -q --bare \(directory)/seed \(directory)/r\(number).git")
        }
        shell("mkdir \(directory)/cache")
        let discovery = makeDiscovery(in: directory)
        let specs = (0..<count).map { number in
            var spec = WarehouseSpec()
            let url = "file://\(directory)/r\(number).git"
            spec.subscriptions = [Subscription(git: GitSubscription(repoURL: url))]
            return spec
        }
        report("100 repositories, first look", [try await look(at: specs, discovery)])
        var times: [Duration] = []
        for _ in 0..<roundCount { times.append(try await look(at: specs, discovery)) }
        report("100 repositories, unchanged", times)
        var alone: [Duration] = []
        for _ in 0..<3 {
            let began = ContinuousClock.now
            shell(
                "seq 0 \(count - 1) | xargs -P 16 -I@ git ls-remote --quiet --symref "
                    + "file://\(directory)/r@.git HEAD >/dev/null"
            )
            alone.append(ContinuousClock.now - began)
        }
        report("100 × git ls-remote alone, 16 at a time", alone)
    }

    private static func look(
        at specs: [WarehouseSpec],
        _ discovery: WarehouseDiscovery
    ) async throws -> Duration {
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Int.self) { group in
            for spec in specs {
                group.addTask { try await discovery.findings(for: spec).count }
            }
            while let found = try await group.next() { precondition(found == 1, "\(found)") }
        }
        return ContinuousClock.now - began
    }

    /// 100,000 commits with path filters: one that is soon satisfied, one that reads it all.
    private static func history(in directory: String) async throws {
        let repository = "\(directory)/big.git"
        shell("git init -q --bare -b main \(repository)")
        shell("git -C \(repository) config uploadpack.allowFilter true")
        LongHistory(commitCount: 100_000).write(to: repository)
        var alone: [Duration] = []
        for _ in 0..<3 {
            let began = ContinuousClock.now
            shell(
                "git -C \(repository) log -z --name-status --no-renames "
                    + "--diff-merges=first-parent --format='%H %ct %an %cn %s' main >/dev/null"
            )
            alone.append(ContinuousClock.now - began)
        }
        report("100,000 commits, git log alone", alone)
        let wanted = median(alone) * 3
        for (name, path) in [
            ("services/s07", "services/s07"), ("a rare file", "docs/page3.md"),
            ("a rare regular expression", "regex:^docs/page3\\.md$"),
        ] {
            var first: [Duration] = []
            var again: [Duration] = []
            for _ in 0..<3 {
                shell("rm -rf \(directory)/cache && mkdir \(directory)/cache")
                var subscription = GitSubscription(repoURL: "file://\(repository)", branch: "main")
                subscription.includePaths = [path]
                first.append(try await look(subscription, makeDiscovery(in: directory)))
                // Another limit is another question to the same mirror.
                subscription.discoveryLimit = 21
                again.append(try await look(subscription, makeDiscovery(in: directory)))
            }
            report("first look by \(name), with bringing it over", first, wanted: wanted)
            report("another look by \(name), mirror there", again, wanted: wanted)
        }
    }

    private static func look(
        _ subscription: GitSubscription,
        _ discovery: WarehouseDiscovery
    ) async throws -> Duration {
        var spec = WarehouseSpec()
        spec.subscriptions = [Subscription(git: subscription)]
        let began = ContinuousClock.now
        let found = try await discovery.findings(for: spec)
        precondition(found[0].artifacts.count > 5, "\(found[0].artifacts.count) commits")
        return ContinuousClock.now - began
    }

    private static func makeDiscovery(in directory: String) -> WarehouseDiscovery {
        var options = DiscoveryOptions()
        options.allowFileRepositories = true
        return WarehouseDiscovery(cacheDirectory: "\(directory)/cache", options: options)
    }

    // MARK: - Telling

    private static func report(_ name: String, _ times: [Duration], wanted: Double? = nil) {
        let sorted = times.map { $0 / .milliseconds(1) }.sorted()
        let middle = sorted[sorted.count / 2]
        let verdict = wanted.map { middle <= $0 ? "reached" : "missed" } ?? ""
        let limit = wanted.map { "\(Int($0)) ms" } ?? ""
        let worst = sorted[sorted.count - 1]
        Output.line(
            "| \(name) | \(tenths(middle)) ms | \(tenths(worst)) ms | \(limit) | \(verdict) |"
        )
    }

    private static func median(_ times: [Duration]) -> Double {
        times.map { $0 / .milliseconds(1) }.sorted()[times.count / 2]
    }

    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    /// What this process took, without the programs that it ran; mapped files included.
    private static func ownCosts() -> String {
        var usage = rusage()
        _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        let seconds = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
        return
            "\nPeak resident memory: \(usage.ru_maxrss / 1_024) MiB; processor time in user mode: "
            + "\(tenths(seconds)) s"
    }

    private static func commit(_ message: String) -> String {
        "git -c user.name=bench -c user.email=bench@example.com commit -q --allow-empty "
            + "-m \(message)"
    }

    private static func shell(_ command: String) {
        let status = unsafe system(command)
        precondition(status == 0, "\(command): status \(status)")
    }
}

/// A repository of forty services with fifty files each, and few commits that change documents.
private struct LongHistory {
    let commitCount: Int

    /// Writes the branch main of a bare repository.
    func write(to repository: String) {
        guard let pipe = unsafe popen("git -C \(repository) fast-import --quiet", "w") else {
            fatalError("git fast-import cannot be started")
        }
        for number in 0..<commitCount { _ = unsafe fputs(commit(number), pipe) }
        let status = unsafe pclose(pipe)
        precondition(status == 0, "git fast-import: status \(status)")
    }

    private func commit(_ number: Int) -> String {
        let time = 1_500_000_000 + number * 60
        let service = twoDigits(number * 7_919 % 40)
        let subject = "Change \(number) of service \(service)"
        var text = "commit refs/heads/main\nmark :\(number + 1)\n"
        for role in ["author", "committer"] {
            text += "\(role) bench <bench@example.com> \(time) +0000\n"
        }
        text += "data \(subject.utf8.count)\n\(subject)\n"
        if number > 0 { text += "from :\(number)\n" }
        for file in 0...number % 3 {
            let name = "f\(twoDigits((number * 104_729 + file) % 50)).txt"
            text += inline("services/s\(service)/src/\(name)", "content \(number)\n")
        }
        if number % 1_000 == 5 {
            text += inline("docs/page\(number / 1_000 % 7).md", "\(number)\n")
        }
        return text + "\n"
    }

    private func inline(_ path: String, _ content: String) -> String {
        "M 100644 inline \(path)\ndata \(content.utf8.count)\n\(content)\n"
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
