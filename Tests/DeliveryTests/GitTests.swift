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

    @Test func `a message of git becomes a part of a sentence`() {
        let message = "fatal: unable to access 'https://me:secret@example.com/': \u{1B}[1mno\u{7}"
        #expect(
            GitError.presentable(message)
                == "unable to access 'https://***@example.com/':  [1mno "
        )
        #expect(GitError.presentable(String(repeating: "x", count: 1000)).count == 300)
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
