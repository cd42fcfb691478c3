import Expressions
import PromotionRunner
import Testing

/// What is said about a step is what its reader reads.
@Suite struct DescribingSteps {
    private static let names = KnownSteps.all.map(\.name)

    /// The example of a step, as its fields in a manifest.
    private func example(_ name: String) throws -> Value {
        let text = try #require(KnownSteps.named(name)).example
        let steps = try YAMLUpdate.value(at: [], in: Array(text.utf8))
        #expect(steps.arrayValue?.count == 1)
        return steps.arrayValue?.first ?? .null
    }

    @Test(arguments: names)
    func `an example is a step that can be read`(name: String) throws {
        let step = try example(name)
        #expect(step["uses"] == .string(name))
        let known: Set<String> = ["uses", "as", "if", "config", "vars", "retry"]
        #expect(known.isSuperset(of: (step.objectValue ?? [:]).keys))
        let config = filled(step["config"] ?? .null)
        #expect(KnownSteps.problem(with: config, of: name) == nil)
        for text in texts(step) where Template.isTemplate(text) {
            _ = try Template(parsing: text)
        }
    }

    /// A value in which every template came to `x`.
    private func filled(_ value: Value) -> Value {
        switch value {
        case .string(let text): .string(text.replacing(/\$\{\{.*?\}\}/, with: "x"))
        case .array(let elements): .array(elements.map(filled))
        case .object(let members): .object(members.mapValues(filled))
        default: value
        }
    }

    private func texts(_ value: Value) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(texts)
        case .object(let members): members.values.flatMap(texts)
        default: []
        }
    }

    @Test(arguments: names)
    func `every field has a meaning, and every required field is missed`(name: String) throws {
        let step = try #require(KnownSteps.named(name))
        func look(_ fields: [StepField]) {
            #expect(Set(fields.map(\.name)).count == fields.count)
            for field in fields {
                #expect(!field.meaning.isEmpty && !field.meaning.hasSuffix("."), "\(field.name)")
                look(field.fields)
            }
        }
        look(step.fields)
        let required = step.fields.filter(\.isRequired)
        let problem = KnownSteps.problem(with: [:], of: name) ?? ""
        for field in required where field.name != "*" {
            #expect(problem.contains("\(field.name) is missing"), "\(problem)")
        }
        if required.isEmpty, name != "delete" { #expect(problem == "") }
    }

    @Test(arguments: names)
    func `a field of another kind than is documented is refused by name`(name: String) throws {
        let step = try #require(KnownSteps.named(name))
        for field in step.fields where field.name != "*" {
            let wrong: Value = field.kind.hasPrefix("list") ? "text" : [["a": 1]]
            guard field.isDone else { continue }
            let problem = KnownSteps.problem(with: [field.name: wrong].value, of: name) ?? ""
            #expect(problem.contains("\(field.name) must be"), "\(problem)")
        }
    }

    @Test(arguments: names)
    func `a field that is refused says so, and may say nothing`(name: String) throws {
        let step = try #require(KnownSteps.named(name))
        let config = filled(try example(name)["config"] ?? .null).objectValue ?? [:]
        for field in step.fields where !field.isDone {
            let refused = config.merging([field.name: true]) { $1 }
            let problem = KnownSteps.problem(with: .object(refused), of: name)
            #expect(problem == "\(field.name) is not done by this version; leave it out")
            let quiet = config.merging([field.name: false]) { $1 }
            #expect(KnownSteps.problem(with: .object(quiet), of: name) == nil)
        }
    }

    @Test(
        arguments: [
            ("git-clone", ["repoURL": "https://example.com/a.git"], "checkout is missing"),
            ("delete", ["path": "a", "paths": ["b"]], "path and paths exclude each other"),
            ("delete", [:], "path is missing; say path or paths"),
            ("file-write", ["path": "a", "contents": "", "permissions": "0755"], "octal mode"),
            ("file-write", ["path": "a", "contents": "", "permissions": "644"], "octal mode"),
            ("file-write", ["path": "a", "contents": 1], "wrap it in quote()"),
            ("git-tag", ["path": "a", "tag": "-x", "message": "m"], "no tag can be called"),
            ("git-commit", ["path": "a", "message": " \n"], "must say something"),
            (
                "git-commit",
                ["path": "a", "message": "m", "author": ["name": "A", "email": "x"]],
                "author.email must be an address"
            ),
            (
                "set-metadata",
                ["updates": [["kind": "Stage", "name": "prod", "values": ["a": 1]]]],
                "updates[0].kind must be Freight: this version keeps no metadata of stages"
            ),
            (
                "set-metadata", ["updates": [["kind": "Freight", "name": "a", "values": [:]]]],
                "empty"
            ),
            (
                "kustomize-set-image",
                ["path": "a", "images": [["image": "x"]]],
                "images[0].tag is missing; say tag or digest"
            ),
            (
                "yaml-update", ["path": "a", "updates": [["key": "a..b", "value": 1]]], "empty part"
            ),
            ("json-update", ["path": "a", "updates": []], "at least one element"),
            ("compose-output", [:], "at least one member"),
            ("copy", 42, "config must be an object"),
        ] as [(String, Value, String)]
    )
    func `what contradicts itself is refused`(name: String, config: Value, words: String) {
        let problem = KnownSteps.problem(with: config, of: name)
        #expect(problem?.contains(words) == true, "\(problem ?? "nothing is wrong")")
    }
}

extension [String: Value] {
    fileprivate var value: Value { .object(self) }
}
