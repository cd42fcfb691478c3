import Foundation
import Testing

/// `waybill config`: what is in effect, and who said so.
@Suite struct ConfigTests {
    private static func lines(_ ending: Ending) throws -> [String: [String]] {
        var lines: [String: [String]] = [:]
        for (name, line) in try ending.checked().json.members {
            let value = line["value"]
            let text = value.text.isEmpty ? "\(value)" : value.text
            lines[name] = [text, line["source"].text]
        }
        return lines
    }

    @Test func `an option counts more than a variable, a variable more than the file`()
        async throws
    {
        let place = try await LedgerDirectory.made()
        let config = ["config", "-o", "json"]
        #expect(
            try Self.lines(try await place.run(config))["listen"] == ["127.0.0.1:8080", "default"]
        )
        try Files.write(
            "listen: 127.0.0.1:9001\nhost: [a.example.com, b.example.com]\nautomation: false\n",
            to: place.ledger + "/serve.yaml"
        )
        let variables = ["WAYBILL_AUTOMATION": "yes", "WAYBILL_LISTEN": ":9002"]
        let byVariable = try Self.lines(try await place.run(config, environment: variables))
        #expect(byVariable["listen"] == [":9002", "WAYBILL_LISTEN"])
        #expect(byVariable["automation"]?[1] == "WAYBILL_AUTOMATION")
        #expect(byVariable["host"]?[1] == "ledger/serve.yaml:2")
        #expect(byVariable["allowFileRepos"]?[1] == "default")
        let byOption = try Self.lines(
            try await place.run(
                config + ["--listen", ":9003", "--no-automation", "--host", "c"],
                environment: variables
            )
        )
        #expect(byOption["listen"] == [":9003", "--listen"])
        #expect(byOption["automation"]?[1] == "--automation")
        #expect(byOption["host"]?[1] == "--host")
    }

    @Test func `the server does as the file says`() async throws {
        let place = try await LedgerDirectory.applied()
        try Files.write(
            "automation: false\nhost: ledger.example.com\n",
            to: place.ledger + "/serve.yaml"
        )
        _ = try await RunningServer.serve(place, []) { server in
            let answer = try server.get("/health", headers: ["Host": "ledger.example.com"])
            #expect(answer.status == 200)
            // The automation is free for somebody else.
            #expect(try await place.run("run", "--until-idle").code != 2)
        }
    }

    @Test func `tokens are not shown`() async throws {
        let place = try await LedgerDirectory.made()
        let ending = try await place.run(
            ["config", "--server", "http://127.0.0.1:1"],
            environment: ["WAYBILL_TOKEN": "feedbeef"]
        )
        #expect(ending.code == 0)
        #expect(!ending.output.contains("feedbeef") && ending.output.contains("WAYBILL_TOKEN"))
    }

    @Test(arguments: [
        ("listen: [1]", "serve.yaml:1:1: listen takes text"),
        ("liste: x", "did you mean \"listen\"?"), ("- a", "a map of names to values"),
        ("automation: 'no'", "automation takes true or false"), ("a: b: c", "well-formed YAML"),
        ("listen: a\nlisten: b", "listen"), ("a: b\n---\nc: d", "one document"),
    ])
    func `a file that makes no sense is refused with the place`(
        _ text: String,
        _ sentence: String
    ) async throws {
        let place = try await LedgerDirectory.made()
        try Files.write(text, to: place.ledger + "/serve.yaml")
        for command in ["config", "serve"] {
            let ending = try await place.run(command)
            #expect(ending.code == 2 && ending.errors.contains(sentence), "\(ending.errors)")
        }
        let missing = try await place.run("config", "--config", "none.yaml")
        #expect(missing.code == 4 && missing.errors.contains("--config"))
        try Files.write("# nothing\n", to: place.path + "/empty.yaml")
        let variable = try await place.run(
            ["config", "--config", "empty.yaml"],
            environment: ["WAYBILL_AUTOMATION": "perhaps"]
        )
        #expect(variable.code == 2 && variable.errors.contains("true or false"))
    }
}
