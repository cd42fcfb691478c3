import Testing

/// What the program says about steps.
@Suite struct StepsTests {
    private func steps(_ words: [String]) async throws -> Ending {
        let directory = try TemporaryDirectory()
        return try await Program.run(Program.waybill, ["steps"] + words, in: directory.path)
    }

    @Test func `all steps, in each format`() async throws {
        for format in ["table", "json", "yaml", "name"] {
            let ending = try await steps(["-o", format])
            #expect(ending.code == 0 && ending.errors.isEmpty)
            try Golden.expect(ending.output, "cli/output", "steps-\(format)")
        }
    }

    @Test func `one step with its fields, outputs and an example`() async throws {
        for name in ["git-clone", "git-push", "set-metadata", "compose-output"] {
            let ending = try await steps([name])
            #expect(ending.code == 0 && ending.errors.isEmpty)
            try Golden.expect(ending.output, "cli/output", "steps-\(name)-table")
        }
        let ending = try await steps(["git-push", "-o", "json"])
        try Golden.expect(ending.output, "cli/output", "steps-git-push-json")
    }

    @Test func `a step that is not there proposes one`() async throws {
        let ending = try await steps(["git-psh"])
        #expect(ending.code == 4)
        #expect(ending.errors == "waybill: there is no step git-psh; did you mean git-push?\n")
    }

    @Test func `the name of each step shows it`() async throws {
        let names = try await steps(["-o", "name"]).output.split(separator: "\n")
        #expect(names.count >= 18)
        for name in names {
            let ending = try await steps([String(name.dropFirst("step/".count))])
            #expect(ending.code == 0)
            #expect(ending.output.contains("- uses: \(name.dropFirst("step/".count))\n"))
        }
    }
}
