import Expressions
import LedgerServer
import Testing

/// `docs/openapi.yaml` says what the server does.
@Suite struct OpenAPITests {
    @Test func `the document is the table of endpoints`() throws {
        let path = Program.root + "/docs/openapi.yaml"
        if Golden.isRecording { try Files.write(OpenAPIDocument.text, to: path) }
        #expect((try? Files.text(path)) == OpenAPIDocument.text, "docs/openapi.yaml")
    }

    @Test func `operations have names of their own`() throws {
        let paths = try JSON(parsing: OpenAPIDocument.value.json)["paths"]
        let names = paths.members.values.flatMap { $0.members.values }.map {
            $0["operationId"].text
        }
        #expect(Set(names).count == names.count)
        #expect(names.count == EndpointTable.all.count)
    }

    /// The schema of what a path answers with, under a status.
    private func schema(_ path: String, _ method: String, _ status: Int) throws -> JSON {
        let document = try JSON(parsing: OpenAPIDocument.value.json)
        let parts = path.prefix { $0 != "?" }.split(separator: "/")
        let fitting = document["paths"].members.filter { template, _ in
            let words = template.split(separator: "/")
            return words.count == parts.count
                && zip(words, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // A word goes before a name.
        let found = fitting.min {
            $0.key.count { $0 == "{" } < $1.key.count { $0 == "{" }
        }
        let responses = try #require(found?.value, "\(path)")[method]["responses"]
        let answer = responses.members["\(status)"] ?? responses["default"]
        let type = status < 400 ? "application/json" : "application/problem+json"
        return answer["content"][type]["schema"]
    }

    @Test func `every answer is as its schema says`() async throws {
        let document = try JSON(parsing: OpenAPIDocument.value.json)
        let checker = JSONSchema(shapes: document["components"]["schemas"])
        let place = try await FixedLedger.shared.copied()
        let others = [
            "/health", "/ready", "/v1/ledger", "/v1/ledger/key", "/v1/ledger/checkpoint?at=%2320",
            "/v1/ledger/proof?position=2", "/v1/ledger/proof", "/v1/clustertasks",
            "/v1/clusterconfigs",
            "/v1/projects/shop/explain?subject=freight/2026.47",
            "/v1/projects/shop/explain?subject=junction/release",
            "/v1/projects/shop/explain?subject=warehouse/web",
            "/v1/projects/-/describe?subject=stage/prod", "/v1/projects/shop/events?limit=9",
            "/v1/projects/-/describe?subject=event/%2312",
            "/v1/projects/-/history?subject=junction/release",
            "/v1/projects/-/history?subject=prod", "/v1/projects/-/blame?stage=prod",
            "/v1/projects/-/preview?junction=release", "/v1/projects/-/describe?subject=x",
            "/v1/projects/shop/freight?limit=100", "/v1/projects/shop/promotions?limit=100",
            "/v1/audit/events?limit=1000", "/v1/projects/none/stages",
            "/v1/projects/shop/stages/none", "/v1/projects/shop/stages?limit=x",
        ]
        _ = try await RunningServer.serve(place) { server in
            for path in ServingTests.answers.map(\.path) + others {
                let answer = try server.get(path)
                let schema = try schema(path, "get", answer.status)
                #expect(!schema.isNull, "\(path) \(answer.status)")
                let faults = checker.faults(of: try answer.json, in: schema)
                #expect(faults.isEmpty, "\(path): \(faults.prefix(5))")
            }
            let changes: [(String, String)] = [
                ("note", #"{"subject": "stage/dev", "text": "a"}"#),
                ("note?dryRun=true", #"{"subject": "stage/dev", "text": "a"}"#),
                ("promote?dryRun=true", #"{"stage": "prod", "freight": ["2026.47"]}"#),
                ("rollback?dryRun=true", #"{"subject": "project", "to": "\#("#40")"}"#),
                ("discover?dryRun=true", #"{"warehouses": ["web"]}"#),
                ("discover", #"{"warehouses": ["none"]}"#),
                ("bookmark", #"{"name": "seen"}"#), ("bookmark", #"{"name": "seen"}"#),
                ("promote", #"{"stage": "none", "freight": ["2026.47"]}"#),
            ]
            for (name, body) in changes {
                let path = "/v1/projects/shop/\(name)"
                let answer = try server.post(path, body)
                let schema = try schema(path, "post", answer.status)
                #expect(!schema.isNull, "\(path) \(answer.status)")
                let faults = checker.faults(of: try answer.json, in: schema)
                #expect(faults.isEmpty, "\(path): \(answer.body) \(faults.prefix(5))")
            }
        }
    }
}

/// The checker that these tests rely on.
@Suite struct JSONSchemaTests {
    @Test func `what is missing, unknown or of another type is found`() throws {
        let shapes = try JSON(
            parsing: #"""
                {"A": {"type": "object", "required": ["n"], "additionalProperties": false,
                  "properties": {"n": {"type": "integer"}, "k": {"enum": ["x"]},
                    "l": {"type": "array", "items": {"type": "string"}}}}}
                """#
        )
        let checker = JSONSchema(shapes: shapes)
        let schema = try JSON(parsing: ##"{"anyOf": [{"$ref": "#/components/schemas/A"}]}"##)
        for (text, count) in [
            (#"{"n": 1, "k": "x", "l": ["a"]}"#, 0), (#"{}"#, 1), (#"{"n": "1"}"#, 1),
            (#"{"n": 1, "m": 2}"#, 1), (#"{"n": 1, "k": "y"}"#, 1), (#"{"n": 1, "l": [2]}"#, 1),
            (#"[]"#, 1),
        ] {
            let faults = checker.faults(of: try JSON(parsing: text), in: schema)
            #expect(faults.count == count, "\(text): \(faults)")
        }
    }
}
