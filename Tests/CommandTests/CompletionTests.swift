import Testing

/// What shells complete.
@Suite struct CompletionTests {
    /// What bash offers for a command line whose last word is being typed.
    private func offered(
        _ words: [String],
        in directory: String,
        _ variables: [String: String] = [:]
    ) async throws -> [String] {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            PATH="${WAYBILL%/*}:$PATH"
            source <(waybill completion bash)
            COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
            COMP_LINE="\(words.joined(separator: " "))"; COMP_POINT=${#COMP_LINE}
            _waybill waybill "\(words.last ?? "")" "\(words.dropLast().last ?? "")"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        return try await Program.run(
            "bash",
            ["-c", script],
            in: directory,
            environment: variables.merging(["WAYBILL": Program.waybill]) { $1 }
        )
        .output.split(separator: "\n").map { word in String(word.prefix { $0 != " " }) }
    }

    @Test(arguments: [
        (["waybill", "promote", "--stage", ""], ["dev", "prod", "uat"]),
        (["waybill", "promote", "--stage", "p"], ["prod"]),
        (["waybill", "repackage", ""], ["release"]),
        (["waybill", "approve", "--for", "junction/"], ["junction/release"]),
        (["waybill", "comple"], ["completion"]),
        (["waybill", "explain", "junction/"], ["junction/release"]),
        (["waybill", "explain", "warehouse/s"], ["warehouse/search"]),
        (
            ["waybill", "explain", "promotion/prod.01kjqj"],
            ["promotion/prod.01kjqj35n00000000000000081.4ee0e25"]
        ),
        (["waybill", "get", "freight", "--available-to", "stage/p"], ["stage/prod"]),
        (["waybill", "abort", "prod."], ["prod.01kjqj35n00000000000000081.4ee0e25"]),
    ])
    func `bash completes names that the ledger has`(
        words: [String],
        expected: [String]
    ) async throws {
        let place = try await FixedLedger.shared.place
        let offered = try await offered(words, in: place.path)
        #expect(Set(expected).isSubset(of: offered))
        let typed = words[words.count - 1]
        #expect(offered.allSatisfy { $0.hasPrefix(typed) })
    }

    @Test func `names that a server has are completed, for whoever may see them`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let folder = try TemporaryDirectory()
            let url = "http://127.0.0.1:\(server.http.port)"
            for (words, expected) in [
                (["promote", "--stage", ""], ["dev", "prod", "uat"]),
                (["approve", "--for", "junction/"], ["junction/release"]),
                (["promote", "--freight", "20"], ["2026.47"]),
                (["repackage", "-p", "s"], ["shop"]),
            ] {
                let words = ["waybill"] + words
                let variables = ["WAYBILL_SERVER": url, "WAYBILL_TOKEN": server.token]
                let told = try await offered(words, in: folder.path, variables)
                #expect(Set(expected).isSubset(of: told), "\(words)")
                let option = ["--server", url, "--token", server.token]
                let typed = words.prefix(2) + option + words.dropFirst(2)
                let offer = try await offered(Array(typed), in: folder.path)
                #expect(Set(expected).isSubset(of: offer), "\(typed)")
                let stranger = ["WAYBILL_SERVER": url, "WAYBILL_TOKEN": "0"]
                #expect(try await offered(words, in: folder.path, stranger).isEmpty)
            }
        }
    }

    @Test func `freight is offered by its alias`() async throws {
        let place = try await FixedLedger.shared.place
        let words = ["waybill", "promote", "--freight", "20"]
        #expect(try await offered(words, in: place.path).contains("2026.47"))
    }

    @Test func `without a ledger nothing is offered, and nothing is said`() async throws {
        let folder = try TemporaryDirectory()
        let ending = try await Program.run(
            Program.waybill,
            ["---completion", "promote", "--", "--stage", "0", "0", ""],
            in: folder.path
        )
        #expect(ending.code == 0)
        #expect(ending.output.isEmpty || ending.output == "\n")
        #expect(ending.errors.isEmpty)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `every shell gets a script`(shell: String) async throws {
        let place = try await FixedLedger.shared.place
        let script = try await place.run(["completion", shell]).checked().output
        #expect(script.contains("waybill") && script.contains("repackage"))
    }
}
