import Foundation
import Git
import Testing

/// git runs shut off from the machine, and within limits.
@Suite struct RunningGit {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func `the configuration of the user is not read`() async throws {
        try "[alias]\nhello = !echo hello\n".write(
            toFile: "\(workshop.path)/.gitconfig",
            atomically: false,
            encoding: .utf8
        )
        let result = try await workshop.git.run(["hello"], in: workshop.path)
        #expect(result.status != 0)
    }

    @Test func `a run that takes too long is ended with what it started`() async throws {
        var limits = GitLimits()
        limits.duration = .milliseconds(100)
        let git = GitProgram(home: workshop.path, allowFileRepositories: true, limits: limits)
        let started = ContinuousClock.now
        await #expect(throws: GitError.self) {
            _ = try await git.run(["-c", "alias.wait=!sleep 3600", "wait"], in: workshop.path)
        }
        #expect(ContinuousClock.now - started < .seconds(1800), "nobody waited for the sleep")
    }

    @Test func `a run that writes too much is ended`() async throws {
        var limits = GitLimits()
        limits.outputByteCountMax = 1000
        let git = GitProgram(home: workshop.path, allowFileRepositories: true, limits: limits)
        await #expect(throws: GitError.wroteTooMuch(operation: "help", byteCountMax: 1000)) {
            _ = try await git.run(["help", "--all"], in: workshop.path)
        }
    }

    @Test func `a program that ends before it has read its input has ended, not failed to start`()
        async throws
    {
        for _ in 0..<20 {
            let result = try await workshop.git.run(
                ["-c", "alias.early=!exit 3", "early"],
                in: workshop.path,
                input: [UInt8](repeating: 0x61, count: 1 << 20)
            )
            #expect(result.status == 3)
        }
    }

    @Test func `output comes record by record, and the rest without an end`() async throws {
        let records = try await workshop.git.records(
            ["-c", "alias.say=!printf 'a\\0bc\\0\\0d'", "say"],
            in: workshop.path,
            separatedBy: 0,
            from: [String]()
        ) { records, record in
            records.append(String(decoding: record, as: UTF8.self))
            return true
        }
        #expect(records == ["a", "bc", "", "d"])
    }

    @Test func `whoever has enough ends the program`() async throws {
        // It never ends by itself, and never reads its input.
        let count = try await workshop.git.records(
            ["-c", "alias.yes=!yes", "yes"],
            in: workshop.path,
            separatedBy: UInt8(ascii: "\n"),
            input: [UInt8](repeating: 0x61, count: 1 << 20),
            from: 0
        ) { count, _ in
            count += 1
            return count < 100_000
        }
        #expect(count == 100_000)
    }

    @Test func `a record without end is cut`() async throws {
        var limits = GitLimits()
        limits.recordByteCountMax = 1_000
        let git = GitProgram(home: workshop.path, allowFileRepositories: true, limits: limits)
        let counts = try await git.records(
            ["-c", "alias.long=!head -c 5000000 /dev/zero | tr '\\0' x; echo; echo y", "long"],
            in: workshop.path,
            separatedBy: UInt8(ascii: "\n"),
            from: [Int]()
        ) { counts, record in
            counts.append(record.count)
            return true
        }
        #expect(counts == [1_000, 1])
    }

    @Test func `a program that fails after its output has failed`() async throws {
        let error = await #expect(throws: GitError.self) {
            _ = try await workshop.git.records(
                ["-c", "alias.fail=!echo a; echo fatal: no more >&2; exit 7", "fail"],
                in: workshop.path,
                separatedBy: UInt8(ascii: "\n"),
                from: 0
            ) { count, _ in
                count += 1
                return true
            }
        }
        #expect(error == .failed(operation: "fail", message: "no more"))
    }

    @Test func `what ssh said is told, not only that git could not read`() {
        let result = GitResult(
            operation: "ls-remote",
            status: 128,
            output: "",
            errorOutput: "Host key verification failed.\n"
                + "fatal: Could not read from remote repository.\n\nPlease make sure …\n"
        )
        #expect(
            result.failure
                == .failed(operation: "ls-remote", message: "Host key verification failed.")
        )
    }

    @Test func `what the other side said is told, such as why a hook refuses a push`() {
        let result = GitResult(
            operation: "push",
            status: 1,
            output: "",
            errorOutput: "remote: Checking…        \nremote: \nremote: closed for the night   \n"
                + "To https://example.com/a.git\n"
                + " ! [remote rejected] main -> main (pre-receive hook declined)\n"
                + "error: failed to push some refs to 'https://example.com/a.git'\n"
        )
        #expect(
            result.failure
                == .failed(
                    operation: "push",
                    message: "[remote rejected] main -> main (pre-receive hook declined); "
                        + "the repository says: Checking… closed for the night"
                )
        )
        let alone = GitResult(
            operation: "fetch",
            status: 1,
            output: "",
            errorOutput: "remote: Repository not found.\n"
        )
        #expect(
            alone.failure
                == .failed(operation: "fetch", message: "remote: Repository not found.")
        )
    }

    @Test func `a message of git becomes a part of a sentence`() {
        let message = "fatal: unable to access 'https://me:secret@example.com/': \u{1B}[1mno\u{7}"
        #expect(
            GitError.presentable(message)
                == "unable to access 'https://***@example.com/':  [1mno "
        )
        #expect(GitError.presentable(String(repeating: "x", count: 1000)).count == 300)
        #expect(
            GitError.presentable(
                "Failed to connect to e.com port 443 after 131 ms: Refused after 3 tries"
            )
                == "Failed to connect to e.com port 443: Refused after 3 tries"
        )
    }
}

/// What has the same key happens one after the other.
@Suite struct OneAfterTheOther {
    private actor Journal {
        var running = 0
        var runningMax = 0
        func begin() {
            running += 1
            runningMax = max(runningMax, running)
        }
        func end() { running -= 1 }
    }

    @Test func `callers with one key do not overlap, and all of them get their turn`() async {
        let gate = OneAtATime()
        let journal = Journal()
        let results = await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    await gate.perform("a") {
                        await journal.begin()
                        await Task.yield()
                        await journal.end()
                        return number
                    }
                }
            }
            return await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(results.count == 50)
        #expect(await journal.runningMax == 1)
    }
}
