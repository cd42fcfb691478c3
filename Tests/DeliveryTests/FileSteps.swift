import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Testing

/// Steps that make, copy and remove files.
@Suite struct FileSteps {
    let workshop: Workshop
    let trial: StepTrial

    init() throws {
        workshop = try Workshop()
        trial = StepTrial(workshop)
    }

    /// The files that are left when a step was performed, with what is in them.
    private func left(
        _ uses: String,
        _ config: Value,
        files: [String: String]
    ) async throws -> [String: String] {
        let outcome = try await trial.perform(uses, config, files: files, listing: true)
        #expect(outcome.status == .succeeded, "\(outcome.message ?? "")")
        return outcome.files
    }

    private static let tree = [
        "a/one.txt": "1", "a/b/two.md": "2", "a/b/c/three.txt": "3", "d.txt": "d",
    ]

    @Test func `a directory is copied into another, and what is there stays`() async throws {
        let files = Self.tree.merging(["out/old.txt": "old", "out/one.txt": "other"]) { $1 }
        let left = try await left("copy", ["inPath": "./a", "outPath": "out"], files: files)
        #expect(left["out/one.txt"] == "1" && left["out/b/c/three.txt"] == "3")
        #expect(left["out/old.txt"] == "old" && left["a/one.txt"] == "1")
    }

    @Test(arguments: [
        ("*.md", ["one.txt", "b/c/three.txt"]), ("b/", ["one.txt"]), ("/b", ["one.txt"]),
        ("c", ["one.txt", "b/two.md"]), ("b/*.md", ["one.txt", "b/c/three.txt"]),
        ("*.txt\n!three.txt", ["b/two.md", "b/c/three.txt"]),
        ("# nothing\n\n", ["one.txt", "b/two.md", "b/c/three.txt"]),
        ("b/**\n!b/two.md", ["one.txt", "b/two.md"]), ("**/three.txt", ["one.txt", "b/two.md"]),
        ("{one,two}*", ["one.txt", "b/two.md", "b/c/three.txt"]),
    ])
    func `what is ignored is not copied`(ignore: String, kept: [String]) async throws {
        let left = try await left(
            "copy",
            ["inPath": "a", "outPath": "out", "ignore": .string(ignore)],
            files: Self.tree
        )
        let copied = left.keys.filter { $0.hasPrefix("out/") }.map { $0.dropFirst(4) }
        #expect(copied.sorted() == kept.sorted().map { $0[...] })
    }

    @Test func `a file is copied to a name, over what is there`() async throws {
        let files = ["a": "1", "out/b": "2"]
        let left = try await left("copy", ["inPath": "a", "outPath": "out/b"], files: files)
        #expect(left == ["a": "1", "out/b": "1"])
        let same = try await self.left("copy", ["inPath": "a", "outPath": "./a"], files: files)
        #expect(same == files)
    }

    @Test(arguments: [
        ("a", "a/b/out", "cannot hold its own copy"), (".", "out", "cannot hold its own copy"),
        ("nothing", "out", "there is no nothing to copy"), ("d.txt", "a", "name a file"),
        ("../x", "out", "must not lead out"), ("a", "out/.git/hooks", "git keeps for itself"),
        ("a", "d.txt", "cannot make d.txt"),
    ])
    func `what cannot be copied is an error`(from: String, to: String, words: String) async throws {
        let outcome = try await trial.perform(
            "copy",
            ["inPath": .string(from), "outPath": .string(to)],
            files: Self.tree
        )
        #expect(outcome.status == .errored)
        #expect(outcome.message?.contains(words) == true, "\(outcome.message ?? "")")
    }

    @Test(
        arguments: [
            (["path": "a"], ["d.txt"]), (["path": "./a/b"], ["a/one.txt", "d.txt"]),
            (["paths": ["d.txt", "a/one.txt", "nothing"]], ["a/b/c/three.txt", "a/b/two.md"]),
            (["path": "**/*.txt", "pathsAreGlobs": true], ["a/b/two.md"]),
            (["path": "./a/*", "pathsAreGlobs": true], ["d.txt"]),
            (["path": "a/b/c/t*", "pathsAreGlobs": true], ["a/b/two.md", "a/one.txt", "d.txt"]),
            (
                ["path": "*.yaml", "pathsAreGlobs": true],
                ["a/b/c/three.txt", "a/b/two.md", "a/one.txt", "d.txt"]
            ),
        ] as [(Value, [String])]
    )
    func `what is named goes`(config: Value, kept: [String]) async throws {
        let left = try await left("delete", config, files: Self.tree)
        #expect(left.keys.sorted() == kept)
    }

    @Test(
        arguments: [
            (["path": "nothing", "strict": true], "there is no nothing to delete"),
            (["path": "*.yaml", "pathsAreGlobs": true, "strict": true], "there is no *.yaml"),
            (["path": "."], "the work directory itself"), (["path": "../x"], "must not lead out"),
            (["path": "[", "pathsAreGlobs": true], "bracket"), (["path": "a/.git"], "git keeps"),
        ] as [(Value, String)]
    )
    func `what cannot be deleted is an error`(config: Value, words: String) async throws {
        let outcome = try await trial.perform("delete", config, files: Self.tree)
        #expect(outcome.status == .errored)
        #expect(outcome.message?.contains(words) == true, "\(outcome.message ?? "")")
    }

    @Test func `a file is written with the directories above it`() async throws {
        let left = try await left("file-write", ["path": "x/y/z", "contents": "ü\n"], files: [:])
        #expect(left == ["x/y/z": "ü\n"])
    }

    @Test func `a file that is there is written over only where that is said`() async throws {
        let config: [String: Value] = ["path": "a", "contents": "new"]
        let refused = try await trial.perform("file-write", .object(config), files: ["a": "old"])
        #expect(refused.status == .errored)
        #expect(refused.message == "a is there already; say overwrite: true")
        let left = try await left(
            "file-write",
            .object(config.merging(["overwrite": true]) { $1 }),
            files: ["a": "old and longer"]
        )
        #expect(left == ["a": "new"])
    }

    @Test(arguments: [(nil, 0o600), ("0640", 0o640), ("0444", 0o444)] as [(String?, Int)])
    func `permissions are what is said`(permissions: String?, expected: Int) async throws {
        var config: [String: Value] = ["path": "a", "contents": "1"]
        config["permissions"] = permissions.map { .string($0) }
        let outcome = try await trial.perform("file-write", .object(config), listing: true)
        #expect(outcome.status == .succeeded)
        #expect(outcome.modes["a"] == expected)
    }
}
