import Testing

/// What a user may type or hand over that cannot be right.
///
/// All on one ledger, which must stay as it is.
@Suite struct BadInputTests {
    private static let folder = "cli/input"
    private static let made = Task { try await LedgerDirectory.applied() }

    /// What is typed, how it ends, and the file with its sentence.
    struct Row: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let code: Int
        let name: String
        var testDescription: String { name }

        init(_ name: String, _ code: Int, _ arguments: String...) {
            self.name = name
            self.code = code
            self.arguments = arguments
        }
    }

    private static let longName = String(repeating: "a", count: 100_000)
    private static let exampleKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private static let control = "pr\u{1B}[31mod\u{7}\n"

    @Test(arguments: [
        // What there is not.
        Row("unknown-stage", 4, "promote", "--stage", "prod", "--freight", "abcdef"),
        Row("unknown-stage-history", 4, "history", "stage/prod"),
        Row("unknown-stage-rollback", 4, "rollback", "prod", "--to", "previous"),
        Row("unknown-stage-get", 4, "get", "stages", "prod"),
        Row("unknown-stage-describe", 4, "describe", "stage/prod"),
        Row("unknown-stage-explain", 4, "explain", "prod"),
        Row("unknown-warehouse-explain", 4, "explain", "warehouse/chekout"),
        Row("unknown-promotion-explain", 4, "explain", "promotion/dev.1.2"),
        Row("nothing-to-explain", 2, "explain", "task/deploy"),
        Row("at-without-preview", 2, "repackage", "release", "--at", "#1"),
        Row("unknown-stage-blame", 4, "blame", "prod"),
        Row("unknown-stage-diff", 4, "diff", "dev", "prod"),
        Row("unknown-junction", 4, "repackage", "release", "--preview"),
        Row("unknown-freight", 4, "promote", "--stage", "dev", "--freight", "swift-otter"),
        Row("unknown-freight-id", 4, "promote", "--stage", "dev", "--freight", "abcdef0"),
        Row("unknown-freight-get", 4, "get", "freight", "swift-otter"),
        Row("unknown-promotion", 4, "abort", "dev.01jd0000000000000000000000.abcdef0"),
        Row("unknown-project", 4, "get", "stages", "-p", "bakery"),
        Row("unknown-event", 4, "get", "events", "#99"),
        Row("unknown-event-describe", 4, "describe", "event/99"),
        Row("unknown-bookmark-describe", 4, "describe", "bookmark/freeze"),
        Row("unknown-project-describe", 4, "describe", "project/bakery"),
        Row("unknown-junction-history", 4, "history", "junction/train"),
        Row("nothing-to-trace", 4, "trace", "swift-otter"),
        // Moments.
        Row("future-position", 4, "get", "stages", "--at", "#99"),
        Row("future-position-json", 4, "get", "stages", "--at", "99", "-o", "json"),
        Row("huge-position", 4, "get", "stages", "--at", "18446744073709551615"),
        Row("too-huge-position", 2, "get", "stages", "--at", "18446744073709551616"),
        Row("bad-time", 2, "get", "stages", "--at", "2026-13-45T25:00:00Z"),
        Row("bad-time-json", 2, "get", "stages", "--at", "tomorrow", "-o", "json"),
        Row("bad-age", 2, "get", "stages", "--at", "5x ago"),
        Row("empty-moment", 2, "get", "stages", "--at", ""),
        Row("moment-of-no-promotion", 4, "get", "stages", "--at", "promotion/dev.1.2"),
        Row("diff-at-nonsense", 2, "diff", "dev@High Noon", "dev"),
        Row("diff-at-no-bookmark", 4, "diff", "dev@noon", "dev"),
        Row("audit-since-nonsense", 2, "audit", "--since", "noon"),
        Row("audit-until-nonsense", 2, "audit", "--until", "noon"),
        Row("unknown-bookmark", 4, "get", "stages", "--at", "@freeze"),
        Row("unknown-bookmark-of-project", 4, "get", "stages", "--at", "@freeze", "-p", "shop"),
        Row("bookmark-ahead", 4, "bookmark", "freeze", "--at", "#99"),
        Row("bookmark-malformed", 3, "bookmark", "Freeze Now"),
        Row("note-about-nothing", 4, "note", "stage/prod", "seen"),
        Row("note-empty", 3, "note", "stage/dev", ""),
        Row("note-with-reason", 2, "note", "stage/dev", "seen", "--reason", "asked"),
        // Names.
        Row("control-stage", 2, "promote", "--stage", control, "--freight", "abcdef"),
        Row("control-freight", 4, "promote", "--stage", "dev", "--freight", control),
        Row("control-project", 2, "get", "stages", "-p", control),
        Row("control-at", 2, "get", "stages", "--at", control),
        Row("control-kind", 2, "get", control),
        Row("control-option", 2, "get", "stages", "--" + control),
        Row("control-actor", 2, "collect", "release", "--actor", control),
        Row("long-stage", 2, "history", longName),
        Row("long-freight", 4, "get", "freight", longName),
        Row("long-argument", 2, "get", "stages", "dev", longName),
        Row("long-reason", 2, "collect", "release", "--reason", longName),
        Row("empty-name", 2, "history", ""),
        Row("bad-command-id", 2, "collect", "release", "--command-id", "a b"),
        Row("long-command-id", 2, "collect", "release", "--command-id", longName),
        Row("short-freight", 2, "promote", "--stage", "dev", "--freight", "abc"),
        Row("bad-origin", 2, "get", "freight", "--origin", "Stage/checkout"),
        Row("bad-event-type", 2, "audit", "--type", "Deployed"),
        Row("bad-audit-kind", 2, "audit", "--kind", "pod"),
        Row("population-of-nothing", 4, "audit", "population", "--stage", "qa"),
        Row(
            "population-backwards",
            2,
            "audit",
            "population",
            "--stage",
            "dev",
            "--from",
            "#3",
            "--to",
            "#1"
        ),
        Row("sample-of-none", 2, "audit", "sample", "--stage", "dev", "-n", "0", "--seed", "x"),
        Row("metrics-of-nothing", 4, "metrics", "delivery", "--stage", "qa"),
        Row("bad-phase", 2, "get", "promotions", "--phase", "done"),
        Row("bad-consumer", 2, "get", "freight", "--available-to", "warehouse/checkout"),
        Row("bad-cursor", 2, "get", "freight", "--after", "checkout"),
        Row("options-of-others", 2, "get", "stages", "--phase", "failed"),
        Row("too-many-filters", 2, "get", "freight", "--stage", "dev", "--origin", "Warehouse/x"),
        Row("slots-of-a-stage", 2, "history", "stage/dev", "--slots"),
        Row("long-describe", 4, "describe", "stage/" + longName),
        Row("bad-subject", 2, "describe", "dev"),
        // Files.
        Row("no-file", 4, "apply", "-f", "no/such/file.yaml"),
        // What the command line does not know.
        Row("unknown-command", 2, "deploy"),
        Row("unknown-command-json", 2, "deploy", "-o", "json"),
        Row("unknown-option", 2, "get", "stages", "--colour"),
        Row("unknown-option-json", 2, "get", "stages", "--colour", "-o", "json"),
        Row("missing-argument", 2, "get"),
        Row("missing-value", 2, "get", "stages", "--at"),
        Row("bad-output", 2, "get", "stages", "-o", "xml"),
        Row("bad-limit", 2, "get", "stages", "--limit", "0"),
        Row("huge-limit", 2, "get", "freight", "--limit", "9223372036854775807"),
        Row("nothing-to-promote", 2, "promote", "--stage", "dev"),
        Row("two-sources", 2, "promote", "--stage", "dev", "--freight", "abcdef", "--from", "dev"),
        Row("from-without-what", 2, "promote", "--stage", "dev", "--from", "dev"),
        Row("promote-nowhere", 2, "promote", "--freight", "abcdef"),
        Row(
            "downstream-to-a-stage",
            2,
            "promote",
            "--from",
            "dev",
            "--downstream",
            "--stage",
            "dev"
        ),
        Row("downstream-and-all", 2, "promote", "--from", "dev", "--downstream", "--all"),
        Row("downstream-now", 2, "promote", "--from", "dev", "--downstream", "--now"),
        Row("verified-only", 2, "promote", "--stage", "dev", "--freight", "a", "--verified-only"),
        Row("wait-dry", 2, "promote", "--stage", "dev", "--freight", "a", "--wait", "--dry-run"),
        Row("restore-previous", 2, "rollback", "project", "--to", "previous"),
        Row("restore-origin", 2, "rollback", "project", "--to", "#3", "--origin", "checkout"),
        Row("restore-future", 4, "rollback", "project", "--to", "#99"),
        Row("restore-no-project", 4, "rollback", "project/bakery", "--to", "#3"),
        Row("answer-no-json", 2, "answer", "dev.1.2", "{", "--json"),
        Row("answer-nobody", 4, "answer", "dev.1.2", "yes"),
        // Keys and proofs.
        Row("key-origin-alone", 2, "ledger", "key", "--origin", "example.com/shop"),
        Row("key-bad-origin", 2, "ledger", "key", "--make", "--origin", "two words"),
        Row("init-bad-origin", 2, "init", "--ledger", "other", "--origin", "a+b"),
        Row("prove-nothing", 2, "ledger", "prove"),
        Row("prove-two-things", 2, "ledger", "prove", "--position", "1", "--from", "a"),
        Row("prove-no-position", 2, "ledger", "prove", "--position", "first"),
        Row("prove-position-zero", 2, "ledger", "prove", "--position", "#0"),
        Row("prove-unsigned", 4, "ledger", "prove", "--position", "1"),
        Row("prove-no-file", 4, "ledger", "prove", "--from", "no.checkpoint"),
        Row("prove-header-of-growth", 2, "ledger", "prove", "--from", "a", "--header-only"),
        Row("checkpoint-to-folder", 2, "ledger", "checkpoint", "--at", "1", "--out", "ledger"),
        Row("proof-without-key", 2, "ledger", "verify-proof", "a"),
        Row("proof-bad-key", 2, "ledger", "verify-proof", "a", "--key", "example.com/shop"),
        Row("proof-no-file", 4, "ledger", "verify-proof", "no.proof", "--key", exampleKey),
        // What a rule refuses.
        Row("restore-nothing", 3, "rollback", "project", "--to", "#3"),
        Row("nothing-downstream", 3, "promote", "--from", "dev", "--downstream"),
        Row("nothing-ran-earlier", 3, "rollback", "dev", "--to", "previous"),
        Row("nothing-held", 3, "resume", "dev"),
    ])
    func `what cannot be right is one sentence, the right exit code, and nothing recorded`(
        _ row: Row
    ) async throws {
        let place = try await Self.made.value
        let before = try place.state()
        let ending = try await place.run(row.arguments)
        try Failure.expect(ending, code: row.code, Self.folder, row.name)
        #expect(ending.errors.utf8.count < 4096)
        if row.arguments.contains("json") {
            let error = try ending.errorJSON["error"]
            #expect(!error["code"].text.isEmpty && !error["message"].text.isEmpty)
            #expect(Set(error.members.keys) == ["code", "message", "details"])
        }
        #expect(try place.state() == before)
    }

    @Test(
        arguments: [
            [Array("get".utf8), Array("stages".utf8), Array("-p".utf8), [0xff, 0x73]],
            [Array("history".utf8), [0xc3, 0x28]],
            [[0x80]],
        ] as [[[UInt8]]]
    )
    func `arguments that are not UTF-8 are refused before anything is done`(
        _ arguments: [[UInt8]]
    ) async throws {
        let place = try await Self.made.value
        let ending = try await Program.run(Program.waybill, bytes: arguments, in: place.path)
        try Failure.expect(ending, code: 2, Self.folder, "not-utf8-argument-\(arguments.count)")
    }

    /// Manifests, and what their problem is called.
    private static let manifests: [(name: String, code: Int, bytes: [UInt8])] = [
        ("not-utf8", 2, [0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]),
        ("empty", 2, []),
        ("not-yaml", 3, Array("a: [1, 2".utf8)),
        ("not-a-resource", 3, Array("a: 1\n".utf8)),
        ("control-name", 3, manifest(name: #""dev\e[31m\a""#)),
        ("raw-control", 3, manifest(name: "d\u{1}ev")),
        ("newline-name", 3, manifest(name: #""dev\nx""#)),
        ("upper-case-name", 3, manifest(name: "Dev")),
        ("long-name", 3, manifest(name: String(repeating: "a", count: 10_000_000))),
        (
            "long-project", 3,
            manifest(name: "x", project: String(repeating: "p", count: 10_000_000))
        ),
        ("long-field", 3, manifest(name: "x", more: String(repeating: "f", count: 10_000_000))),
        ("too-large", 2, [UInt8](repeating: 0x20, count: (32 << 20) + 1)),
        ("unknown-field", 3, manifest(name: "x", more: "subscription")),
        ("unknown-origin", 3, stage(origin: "search")),
        ("unknown-kind", 3, Array("apiVersion: kargo.akuity.io/v1alpha1\nkind: Stge\n".utf8)),
        ("bomb", 3, bomb),
        ("nested", 3, Array(String(repeating: "[", count: 5_000).utf8)),
        ("cycle", 3, junctions(["a": "b", "b": "a"])),
        ("junction-of-itself", 3, junctions(["a": "a"])),
        ("dangling-stage", 3, stage(origin: "checkout", behind: "nowhere")),
        ("dangling-task", 3, stage(origin: "checkout", task: "deplyo")),
        ("freight", 3, Array("apiVersion: kargo.akuity.io/v1alpha1\nkind: Freight\n".utf8)),
        ("limited", 3, stage(origin: "checkout", more: "targets: {selectors: [{a: b}]}")),
    ]

    private static func manifest(
        name: String,
        project: String = "shop",
        more: String? = nil
    ) -> [UInt8] {
        let text = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Warehouse
            metadata: {name: \(name), namespace: \(project)}
            spec:
              subscriptions:
              - git: {repoURL: "https://git.example.com/x.git", branch: main}
            \(more.map { "  \($0): 1\n" } ?? "")
            """
        return Array(text.utf8)
    }

    private static func stage(
        origin: String,
        behind stage: String? = nil,
        task: String? = nil,
        more: String = "shard: a"
    ) -> [UInt8] {
        let steps = task.map { "[{task: {name: \($0)}}]" } ?? "[]"
        return Array(
            """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: PromotionTask
            metadata: {name: deploy, namespace: shop}
            spec: {steps: [{uses: git-clone}]}
            ---
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Stage
            metadata: {name: uat, namespace: shop}
            spec:
              requestedFreight:
              - origin: {kind: Warehouse, name: \(origin)}
                sources: {\(stage.map { "stages: [\($0)]" } ?? "direct: true")}
              promotionTemplate: {spec: {steps: \(steps)}}
              \(more)

            """.utf8
        )
    }

    /// Junctions, each of which requests another.
    private static func junctions(_ requests: KeyValuePairs<String, String>) -> [UInt8] {
        let documents = requests.map { name, other in
            """
            apiVersion: waybill.dev/v1alpha1
            kind: Junction
            metadata: {name: \(name), namespace: shop}
            spec:
              requestedFreight:
              - origin: {kind: Junction, name: \(other)}
                sources: {direct: true}

            """
        }
        return Array(documents.joined(separator: "---\n").utf8)
    }

    /// Nine levels of ten aliases each.
    private static let bomb: [UInt8] = {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        return Array(text.utf8)
    }()

    @Test(arguments: manifests.indices)
    func `manifests that cannot be right are refused as a whole, in a few words`(
        _ index: Int
    ) async throws {
        let place = try await Self.made.value
        let before = try place.state()
        let manifest = Self.manifests[index]
        for format in ["table", "json"] {
            let ending = try await place.run(
                ["apply", "-f", "-", "-o", format],
                input: manifest.bytes
            )
            let name = "manifest-\(manifest.name)" + (format == "json" ? "-json" : "")
            try Failure.expect(ending, code: manifest.code, Self.folder, name)
            #expect(ending.errors.utf8.count < 2000)
        }
        #expect(try place.state() == before)
    }

    @Test func `several projects make the project a thing to be said`() async throws {
        let place = try await LedgerDirectory.applied()
        let bakery = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Project
            metadata: {name: bakery}

            """
        _ = try await place.apply(bakery).checked()
        let ending = try await place.run("get", "stages")
        try Failure.expect(ending, code: 2, Self.folder, "which-project")
        _ = try await place.run("get", "stages", "-p", "shop").checked()
        let environment = ["WAYBILL_PROJECT": "bakery"]
        let empty = try await place.run(["get", "stages", "-o", "name"], environment: environment)
        #expect(try empty.checked().output.isEmpty)
    }

    @Test func `a ledger without a project says so`() async throws {
        let place = try await LedgerDirectory.made()
        try Failure.expect(
            try await place.run("get", "stages"),
            code: 4,
            Self.folder,
            "no-project"
        )
    }
}
