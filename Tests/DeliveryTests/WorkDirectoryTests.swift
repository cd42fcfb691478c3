import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Testing

/// A step opens nothing outside of its work directory, whoever resolves the path.
@Suite struct WorkingBeneath {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
        try "secret".write(
            toFile: "\(workshop.path)/outside",
            atomically: false,
            encoding: .utf8
        )
    }

    /// An empty work directory.
    private func directory(_ resolution: PathResolution) throws -> WorkDirectory {
        let directory = WorkDirectory(path: "\(workshop.path)/work", resolution: resolution)
        try directory.makeEmpty()
        return directory
    }

    /// Every way into a path is an error.
    private func expectRefused(_ path: String, _ directory: WorkDirectory) {
        #expect(throws: StepError.self) { _ = try directory.read(path) }
        #expect(throws: StepError.self) { _ = try directory.absolutePath(of: path) }
        #expect(throws: StepError.self) { try directory.replace(path, with: [1]) }
        #expect(throws: StepError.self) { try directory.write(path, [1]) }
    }

    @Test(
        arguments: PathResolution.allCases,
        [
            "../outside", "/etc/passwd", "a/../../outside", "clone/.git/config",
            "clone/.GIT/config",
            "line\nbreak", "..", "tab\tin", "\u{7F}", String(repeating: "x/", count: 3000),
        ]
    )
    func `a path that leads elsewhere is refused`(
        resolution: PathResolution,
        path: String
    ) throws {
        let directory = try directory(resolution)
        expectRefused(path, directory)
        #expect(throws: StepError.self) { _ = try directory.exists(path) }
        #expect(throws: StepError.self) { _ = try directory.remove(path) }
    }

    @Test(arguments: PathResolution.allCases)
    func `a symbolic link leads nowhere`(resolution: PathResolution) throws {
        let directory = try directory(resolution)
        try directory.write("inside/a", [1])
        let links = [
            ("file", "\(workshop.path)/outside"), ("folder", workshop.path), ("up", ".."),
            ("inner", "inside"), ("dangling", "nothing"),
        ]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory.path)/\(name)",
                withDestinationPath: target
            )
        }
        for path in ["file", "folder/outside", "up/outside", "inner/a", "dangling"] {
            expectRefused(path, directory)
        }
        // The link goes, and not what it leads to.
        #expect(try directory.remove("file"))
        #expect(try directory.remove("dangling"))
        #expect(throws: StepError.self) { try directory.remove("folder/outside") }
        try directory.makeEmpty()
        #expect(try String(contentsOfFile: "\(workshop.path)/outside", encoding: .utf8) == "secret")
    }

    @Test(arguments: PathResolution.allCases)
    func `a pipe is not waited for`(resolution: PathResolution) throws {
        let directory = try directory(resolution)
        #expect(unsafe mkfifo("\(directory.path)/pipe", 0o600) == 0)
        #expect(throws: StepError.self) { _ = try directory.read("pipe") }
        #expect(throws: StepError.self) { try directory.replace("pipe", with: [1]) }
        #expect(throws: StepError.self) { try directory.write("pipe", [1]) }
    }

    @Test(arguments: PathResolution.allCases)
    func `a file is written, read, replaced and removed`(resolution: PathResolution) throws {
        let directory = try directory(resolution)
        try directory.write("x/y/a", Array("long before".utf8))
        try directory.replace("./x//y/a", with: Array("now".utf8))
        #expect(try directory.read("x/y/a") == Array("now".utf8))
        #expect(throws: StepError.self) { try directory.replace("b", with: [1]) }
        #expect(try directory.exists("x/y") && !directory.exists("x/z"))
        #expect(try !directory.exists("x/y/a/b"))
        #expect(try directory.remove("x") && !directory.remove("x"))
    }

    @Test func `this kernel resolves paths itself`() {
        // Where it does not, the walk is what all the other tests are about.
        #expect(PathResolution.best == .kernel)
    }

    @Test(arguments: PathResolution.allCases)
    func `a directory that is gone is not made again`(resolution: PathResolution) throws {
        let directory = try directory(resolution)
        try FileManager.default.removeItem(atPath: directory.path)
        expectRefused("a", directory)
        do {
            _ = try directory.read("a/b")
        } catch {
            #expect(error.message == "the work directory is gone" && !error.isTerminal)
        }
    }

    @Test func `a file that is too large is not read`() throws {
        let directory = try directory(.best)
        let file = "\(directory.path)/large"
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        // A hole of a gigabyte takes no room.
        #expect(unsafe truncate(file, 1 << 30) == 0)
        #expect(throws: StepError.wrong("large is larger than the 16 MiB of a file")) {
            _ = try directory.read("large")
        }
    }

    @Test func `names that are no UTF-8 go with the rest`() throws {
        let directory = try directory(.best)
        let name: [CChar] = Array("\(directory.path)/x\u{1}".utf8CString).map { $0 == 1 ? -1 : $0 }
        let file = unsafe fopen(name, "w")
        #expect(unsafe file != nil)
        if let file = unsafe file { unsafe fclose(file) }
        try directory.makeEmpty()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }
}

/// Steps meet hostile repositories and broken files.
@Suite struct HostileFiles {
    let workshop: Workshop
    let code: Repository

    init() async throws {
        workshop = try Workshop()
        code = try await workshop.makeRepository("code")
        try "secret".write(
            toFile: "\(workshop.path)/outside",
            atomically: false,
            encoding: .utf8
        )
    }

    /// Performs steps behind a clone of the repository; what they said.
    private func messages(_ steps: [StepTemplate]) async throws -> [String?] {
        let clone = step(
            "git-clone",
            ["repoURL": .string(code.url), "checkout": [["path": "c"]]]
        )
        let later = steps.map { template in
            var step = template
            step.condition = "${{ always() }}"
            return step
        }
        let ledger = FakeLedger(job([clone] + later))
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        let job = await ledger.job
        try await runner.perform(job.project, job.promotion.name)
        return await ledger.finishes.dropFirst().map(\.message)
    }

    @Test func `a link in a repository decides nothing`() async throws {
        for (name, target) in [("link", "\(workshop.path)/outside"), ("dir", workshop.path)] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(code.work)/\(name)",
                withDestinationPath: target
            )
        }
        try await code.push("Links", files: ["a.yaml": "a: 1\n"])
        let updates: Value = [["key": "a", "value": 2]]
        let outputs: Value = [["name": "a", "fromExpression": "a"]]
        let messages = try await messages([
            step("yaml-update", ["path": "c/link", "updates": updates]),
            step("json-update", ["path": "c/dir/outside", "updates": updates]),
            step("yaml-parse", ["path": "c/link", "outputs": outputs]),
            step("file-write", ["path": "c/link", "contents": "x", "overwrite": true]),
            step("file-write", ["path": "c/dir/new", "contents": "x"]),
            step("copy", ["inPath": "c/link", "outPath": "stolen"]),
            step("copy", ["inPath": "c/a.yaml", "outPath": "c/link"]),
            step("copy", ["inPath": "c/a.yaml", "outPath": "c/dir/x"]),
            step("yaml-merge", ["inFiles": ["c/a.yaml", "c/link"], "outFile": "m"]),
            step("yaml-merge", ["inFiles": ["c/a.yaml"], "outFile": "c/link"]),
            step("delete", ["path": "c/dir/outside"]),
            step("git-clear", ["path": "c/dir"]),
            step("kustomize-set-image", ["path": "c/dir"]),
        ])
        for (index, message) in messages.enumerated() {
            #expect(message?.contains("symbolic link") == true, "\(index): \(message ?? "done")")
        }
        let outside = try String(contentsOfFile: "\(workshop.path)/outside", encoding: .utf8)
        #expect(outside == "secret")
        #expect(!FileManager.default.fileExists(atPath: "\(workshop.path)/new"))
    }

    @Test func `a copy of a directory leaves links and git's own files behind`() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(code.work)/link",
            withDestinationPath: "\(workshop.path)/outside"
        )
        try await code.push("Link", files: ["a": "1"])
        let update: Value = ["path": "out/link", "updates": [["key": "a", "value": 1]]]
        let messages = try await messages([
            step("copy", ["inPath": "c", "outPath": "out"]), step("yaml-update", update),
            step("git-clear", ["path": "out"]),
        ])
        #expect(messages[0] == nil)
        #expect(messages[1]?.hasPrefix("cannot read out/link") == true)
        #expect(messages[2]?.contains("is no clone") == true)
    }

    @Test func `texts that are no UTF-8 are refused, and named`() async throws {
        let bytes = Data([0x61, 0x3A, 0x20, 0xFF, 0x0A])
        try bytes.write(to: URL(fileURLWithPath: "\(code.work)/latin.yaml"))
        try await code.commit("Latin")
        let updates: Value = [["key": "a", "value": 2]]
        let outputs: Value = [["name": "a", "fromExpression": "a"]]
        let path: Value = "c/latin.yaml"
        let messages = try await messages([
            step("yaml-update", ["path": path, "updates": updates]),
            step("json-update", ["path": path, "updates": updates]),
            step("yaml-parse", ["path": path, "outputs": outputs]),
            step("json-parse", ["path": path, "outputs": outputs]),
            step("yaml-merge", ["inFiles": [path], "outFile": "m"]),
        ])
        for message in messages {
            #expect(message?.contains("c/latin.yaml") == true && message?.contains("UTF-8") == true)
        }
    }

    @Test func `an output that is too large ends the step, and says so`() async throws {
        let text = String(repeating: "x", count: 70_000)
        try await code.push("Large", files: ["a.json": "{\"a\": \"\(text)\"}"])
        let outputs: Value = [["name": "a", "fromExpression": "a"]]
        let messages = try await messages([
            step("json-parse", ["path": "c/a.json", "outputs": outputs])
        ])
        #expect(messages[0]?.contains("too large to be recorded") == true)
    }

    @Test func `a work directory that goes is made again, with what was in it`() async throws {
        try await code.push("One", files: ["a.yaml": "a: 1\n"])
        let clone = step(
            "git-clone",
            ["repoURL": .string(code.url), "checkout": [["path": "c"]]]
        )
        let write = step("file-write", ["path": "b.yaml", "contents": "b: 1\n"])
        let merge = step("yaml-merge", ["inFiles": ["c/a.yaml", "b.yaml"], "outFile": "m"])
        let ledger = FakeLedger(job([clone, write, merge]))
        let directory = try workshop.directory("runner")
        await ledger.interrupt { command in
            guard case .startStep(let start) = command, start.step == 2 else { return }
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            }
        }
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: directory,
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        let job = await ledger.job
        try await runner.perform(job.project, job.promotion.name)
        let statuses = await ledger.finishes.map(\.status)
        #expect(statuses == [.succeeded, .succeeded, .succeeded])
    }
}
