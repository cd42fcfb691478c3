import Testing

/// What people see who look at a terminal.
@Suite struct TerminalTests {
    /// Runs a command line on a terminal that is so many columns wide.
    private func see(
        _ command: String,
        columns: Int,
        environment: [String: String] = [:]
    ) async throws -> [String] {
        let place = try await FixedLedger.shared.place
        // util-linux's script gives the command a terminal of its own.
        let line = "stty cols \(columns); exec \(Program.waybill) \(command)"
        return try await Program.run(
            "script",
            ["-qec", line, "/dev/null"],
            in: place.path,
            environment: ["TERM": "xterm"].merging(environment) { _, last in last }
        )
        .checked().output.split(separator: "\r\n").map(String.init)
    }

    private func width(_ line: String) -> Int {
        line.replacing(/\u{1B}\[[0-9]+m/, with: "").count
    }

    @Test(arguments: ["get promotions", "get freight", "history stage/prod", "audit"], [70, 120])
    func `a table fits the terminal`(command: String, columns: Int) async throws {
        let lines = try await see(command + " --limit 20", columns: columns)
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { width($0) <= columns })
    }

    @Test(arguments: [70, 120])
    func `the tables of a described thing fit the terminal`(columns: Int) async throws {
        let lines = try await see("describe stage/prod", columns: columns)
        #expect(lines.contains("Components") && lines.contains("Last events"))
        // Fields are whole: people copy what is in them.
        let tables = lines.drop { $0 != "Components" }
        #expect(tables.count > 10 && tables.allSatisfy { width($0) <= columns })
    }

    @Test func `what is cut says so, and wide cuts nothing`() async throws {
        let cut = try await see("get promotions --limit 3", columns: 70)
        #expect(cut[1].contains("…"))
        let whole = try await see("get promotions --limit 3 -o wide", columns: 70)
        #expect(!whole.joined().contains("…"))
        #expect(whole.contains { width($0) > 70 })
    }

    @Test func `states have colours, unless nobody wants them`() async throws {
        let green = "\u{1B}[32msucceeded\u{1B}[0m"
        #expect(try await see("get promotions", columns: 200).joined().contains(green))
        for variable in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            let plain = try await see("get promotions", columns: 200, environment: variable)
            #expect(plain.joined().contains("succeeded"))
            #expect(!plain.joined().contains("\u{1B}"))
        }
    }

    @Test func `times are told as people tell them`() async throws {
        let lines = try await see("audit --limit 2", columns: 100)
        #expect(try #require(lines.dropFirst().first).contains(/[0-9]+[smhd] ago/))
    }

    @Test func `a pipe gets everything, without colours`() async throws {
        let place = try await FixedLedger.shared.place
        let output = try await place.run(["get", "promotions"]).checked().output
        #expect(!output.contains("\u{1B}") && !output.contains("…"))
    }
}
