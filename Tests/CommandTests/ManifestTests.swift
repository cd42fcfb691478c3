import Foundation
import Testing

/// Manifests on the command line: checked, compared, written out and applied again.
@Suite struct ManifestTests {
    /// The examples of `docs/MANIFESTS.md` that this version can apply.
    private static func examples() throws -> String {
        let page = try Files.text("\(Program.root)/docs/MANIFESTS.md")
        let blocks = page.components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 1 && $0.element.hasPrefix("yaml\n") }
            .map { String($0.element.dropFirst(5)) }
        #expect(blocks.count >= 9)
        return blocks.filter { !$0.contains("- image:") }.joined(separator: "---\n")
    }

    private static let task = """
        ---
        apiVersion: kargo.akuity.io/v1alpha1
        kind: PromotionTask
        metadata: {name: deploy, namespace: shop}
        spec:
          vars: [{name: path}]
          steps:
          - uses: git-clone
            as: clone
            config: {repoURL: "https://git.example.com/gitops.git", checkout: [{path: out}]}
          - uses: git-push
            config: {path: "${{ vars.path }}"}

        """

    /// The small shop whose stage does what the task says.
    private static let tasked =
        Manifest.small.replacingOccurrences(
            of: "      - uses: git-clone\n",
            with: "      - task: {name: deploy}\n        vars: [{name: path, value: out}]\n"
                + "      - uses: git-clone\n"
        ) + task

    // MARK: - Validating

    @Test func `validate checks documents by themselves, without a ledger`() async throws {
        let place = try LedgerDirectory()
        let dangling = Array(
            Manifest.small.replacingOccurrences(of: "name: checkout}", with: "name: nothing}").utf8
        )
        let valid = try await place.run("validate", "-f", "-", input: dangling).checked()
        #expect(valid.output == "3 documents are valid.\n" && valid.errors.isEmpty)
        #expect(try Files.names(place.path).isEmpty)

        let limited = Array(
            Manifest.small.replacingOccurrences(
                of: "  promotionTemplate:",
                with: "  targets: {selectors: [{}]}\n  promotionTemplate:"
            ).utf8
        )
        for format in ["table", "json"] {
            let ending = try await place.run(
                ["validate", "-f", "-", "-o", format],
                input: limited
            ).checked()
            try Golden.expect(ending.output, "cli/output", "validate-limited-\(format)")
            #expect(ending.errors.contains("apply refuses it"))
        }
        let made = try await LedgerDirectory.made()
        let before = try made.state()
        let refused = try await made.run("apply", "-f", "-", input: limited)
        #expect(refused.code == 3)
        #expect(try made.state() == before)
    }

    @Test func `validate tells every problem of every file at once`() async throws {
        let place = try LedgerDirectory()
        try Files.makeDirectory(place.directory.sub("shop"))
        try Files.write("a: [1, 2", to: place.directory.sub("shop/a.yaml"))
        try Files.write(
            Manifest.small.replacingOccurrences(of: "direct:", with: "drect:"),
            to: place.directory.sub("shop/b.yml")
        )
        try Files.write("not read", to: place.directory.sub("shop/readme.txt"))
        for format in ["table", "json"] {
            let ending = try await place.run("validate", "-f", "shop", "-o", format)
            let name = "validate-files" + (format == "json" ? "-json" : "")
            try Failure.expect(ending, code: 3, "cli/input", name)
        }
        let nothing = try await place.run("validate", "-f", "-", input: [])
        try Failure.expect(nothing, code: 2, "cli/input", "validate-nothing")
    }

    // MARK: - Out and in again

    @Test func `what get writes as YAML can be applied again, and changes nothing`() async throws {
        let place = try await LedgerDirectory.made()
        let examples = try Self.examples()
        _ = try await place.apply(examples).checked()
        let before = try place.state()
        let again = try await place.apply(examples).checked()
        #expect(again.output.hasPrefix("Nothing changed: all "))
        let kinds = [
            "projects", "projectconfigs", "clusterconfigs", "warehouses", "stages", "junctions",
            "tasks", "clustertasks",
        ]
        var all: [String] = []
        for kind in kinds {
            let text = try await place.run("get", kind, "-o", "yaml").checked().output
            #expect(text.contains("apiVersion:"), "\(kind)")
            let same = try await place.apply(text).checked()
            #expect(same.output.hasPrefix("Nothing changed"), "\(kind): \(same.output)")
            all.append(text)
        }
        #expect(try place.state() == before)

        // All of it makes a ledger that is configured alike.
        let other = try await LedgerDirectory.applied(all.joined(separator: "---\n"))
        for kind in kinds {
            let text = try await other.run("get", kind, "-o", "yaml").checked().output
            #expect(text == all[kinds.firstIndex(of: kind) ?? 0])
        }
        try Golden.expect(all.joined(separator: "---\n"), "cli/output", "get-manifests-yaml")
    }

    @Test func `one thing is written as YAML, or it is said that there is none`() async throws {
        let place = try await LedgerDirectory.applied(Self.tasked)
        let stage = try await place.run("get", "stage", "dev", "-o", "yaml").checked().output
        #expect(stage.contains("task:") && !stage.contains("---"))
        let ending = try await place.run("get", "tasks", "nothing", "-o", "yaml")
        try Failure.expect(ending, code: 4, "cli/input", "unknown-task-yaml")
    }

    @Test(arguments: ["table", "json", "name"])
    func `tasks are listed with who uses them`(format: String) async throws {
        let place = try await LedgerDirectory.applied(Self.tasked)
        for kind in ["tasks", "projectconfigs"] {
            let ending = try await place.run("get", kind, "-o", format).checked()
            try Golden.expect(ending.output.masked(), "cli/output", "get-\(kind)-\(format)")
        }
        guard format == "table" else { return }
        let described = try await place.run("describe", "task/deploy", "-o", "yaml").checked()
        try Golden.expect(described.output.masked(), "cli/output", "describe-task-yaml")
        let needed = try await place.run("delete", "task/deploy")
        try Failure.expect(needed, code: 3, "cli/input", "delete-task-needed")
        let unknown = try await place.run("delete", "clustertask/deploy")
        try Failure.expect(unknown, code: 4, "cli/input", "delete-unknown-clustertask")
    }

    @Test func `YAML is whole unless a limit is given, and then says how to go on`() async throws {
        let place = try await LedgerDirectory.applied(
            Manifest.small + "---\n" + Manifest.warehouse("orders") + "---\n"
                + Manifest.warehouse("search")
        )
        let list = ["get", "warehouses", "-o", "yaml"]
        let whole = try await place.run(list).checked().output
        let first = try await place.run(list + ["--limit", "2"]).checked().output
        #expect(first.hasSuffix("# more: --after orders\n"))
        let last = try await place.run(list + ["--limit", "2", "--after", "orders"]).checked()
            .output
        #expect(
            first.replacingOccurrences(of: "# more: --after orders\n", with: "---\n") + last
                == whole
        )
        #expect(try await place.apply(first).checked().output.hasPrefix("Nothing changed"))
    }

    /// A page without its notes and events, whose times and actors are not the same everywhere.
    private static func own(_ page: String) -> String {
        page.components(separatedBy: "\nNotes\n")[0].components(separatedBy: "\nLast events\n")[0]
    }

    @Test func `what all projects share is described, audited and paged without a project`()
        async throws
    {
        let shared = """
            ---
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Project
            metadata: {name: other}
            ---
            apiVersion: kargo.akuity.io/v1alpha1
            kind: ClusterConfig
            metadata: {name: cluster}
            spec: {gitClient: {name: release, email: release@example.com}}

            """
        let forAll = ["deploy", "notify"].map { name in
            Self.task.replacingOccurrences(
                of: "kind: PromotionTask",
                with: "kind: ClusterPromotionTask"
            )
            .replacingOccurrences(of: "name: deploy, namespace: shop", with: "name: \(name)")
        }
        let place = try await LedgerDirectory.applied(
            Self.tasked.replacingOccurrences(
                of: "task: {name: deploy}",
                with: "task: {name: deploy, kind: ClusterPromotionTask}"
            ) + shared + forAll.joined()
        )
        for subject in ["clustertask/deploy", "cluster/cluster"] {
            let page = try await place.run("describe", subject).checked().output
            let name = "describe-" + subject.replacingOccurrences(of: "/", with: "-")
            try Golden.expect(Self.own(page), "cli/output", name)
            let events = try await place.run("audit", "--subject", subject, "-o", "json").checked()
                .json
            #expect(events["items"].items.count == 1)
        }
        let none = try await place.run("describe", "clustertask/nothing")
        try Failure.expect(none, code: 4, "cli/input", "describe-unknown-clustertask")
        let page = try await place.run("get", "clustertasks", "--limit", "1", "-o", "json")
            .checked().json
        #expect(page["items"].items.map { $0["name"].text } == ["deploy"])
        #expect(page["next"].text == "deploy")
        let names = try await place.run("get", "clusterconfigs", "-o", "name").checked()
        #expect(names.output == "cluster/cluster\n")
    }

    @Test func `a note about a task is on its page`() async throws {
        let place = try await LedgerDirectory.applied(Self.tasked)
        _ = try await place.run("note", "task/deploy", "ask the on-call").checked()
        let page = try await place.run("describe", "task/deploy").checked().output
        #expect(page.contains("ask the on-call"))
        try Golden.expect(Self.own(page), "cli/output", "describe-task-table")
        let unknown = try await place.run("note", "task/nothing", "x")
        #expect(unknown.code == 4)
        let forAll = try await place.run("note", "cluster/cluster", "x", "-p", "shop")
        try Failure.expect(forAll, code: 4, "cli/input", "note-cluster")
    }

    // MARK: - The difference

    @Test(arguments: ["table", "json"])
    func `a dry run shows what becomes of each resource, and what of its fields`(
        format: String
    ) async throws {
        let place = try await LedgerDirectory.applied(
            Self.tasked + "---\n" + Manifest.warehouse("search")
        )
        let before = try place.state()
        let changed = Self.tasked
            .replacingOccurrences(of: "interval: 5m", with: "interval: 10m")
            .replacingOccurrences(of: "branch: main, path: gitops", with: "path: out, depth: 1")
            .replacingOccurrences(
                of: "      - uses: git-clone\n",
                with: "      - uses: fail\n      - uses: git-clone\n"
            )
        let manifests = changed + "---\n" + Manifest.warehouse("orders")
        let dry = try await place.run(
            ["apply", "-f", "-", "--prune", "--dry-run", "-o", format],
            input: Array(manifests.utf8)
        ).checked()
        try Golden.expect(dry.output.masked(), "cli/output", "apply-difference-\(format)")
        let nothing = try await place.run(
            ["apply", "-f", "-", "--dry-run", "-o", format],
            input: Array(Self.tasked.utf8)
        ).checked()
        try Golden.expect(nothing.output.masked(), "cli/output", "apply-no-difference-\(format)")
        #expect(try place.state() == before)
    }

    @Test func `policies that a pruning apply would lose are part of the difference`()
        async throws
    {
        let policies = """
            ---
            apiVersion: kargo.akuity.io/v1alpha1
            kind: ProjectConfig
            metadata: {name: shop, namespace: shop}
            spec: {promotionPolicies: [{stage: dev, autoPromotionEnabled: true}]}

            """
        let place = try await LedgerDirectory.applied(Manifest.small + policies)
        let dry = try await place.apply(Manifest.small, "--prune", "--dry-run").checked()
        #expect(dry.output.contains("changed    ProjectConfig\n  - spec.promotionPolicies"))
    }
}
