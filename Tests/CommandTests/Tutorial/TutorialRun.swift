import Foundation

/// What came of a page whose commands were typed one after the other.
struct TutorialRun: Sendable {
    /// What each block of commands printed, standard output and errors together; ends with the
    /// block at which it went wrong.
    let outputs: [String]
    /// Why the commands did not go on to the end.
    let failure: String?

    /// Does what the page says, as its reader would: files are written where they are shown, and
    /// one shell reads all commands, in an empty folder or in this one, with `waybill` and git on
    /// its path.
    static func of(
        _ page: TutorialPage,
        in place: TemporaryDirectory? = nil
    ) async throws -> TutorialRun {
        let folder = try place ?? TemporaryDirectory()
        let notes = try TemporaryDirectory()
        try Files.write(try script(page, notes: notes.path), to: notes.sub("script"))
        let ending = try await Program.run(
            "bash",
            [notes.sub("script")],
            in: folder.path,
            environment: environment
        )
        let outputs = page.commands.indices.compactMap { try? Files.text(notes.sub("out-\($0)")) }
        return TutorialRun(
            outputs: outputs.map { $0.replacing(folder.path, with: "/home/you") },
            failure: ending.code == 0 ? nil : "ended with \(ending.code): \(ending.errors)"
        )
    }

    /// Who commits, and when: commits are the same in every run but for where they are pushed.
    private static let environment: [String: String] = {
        let programs = (Program.waybill as NSString).deletingLastPathComponent
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return [
            "PATH": "\(programs):\(path)",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "shop",
            "GIT_AUTHOR_EMAIL": "shop@example.com",
            "GIT_AUTHOR_DATE": "2026-03-02T09:00:00Z",
            "GIT_COMMITTER_NAME": "shop",
            "GIT_COMMITTER_EMAIL": "shop@example.com",
            "GIT_COMMITTER_DATE": "2026-03-02T09:00:00Z",
        ]
    }()

    private static func script(_ page: TutorialPage, notes: String) throws -> String {
        var script = "set -eo pipefail\n"
        var number = 0
        for (index, step) in page.steps.enumerated() {
            let block = "\(notes)/block-\(index)"
            switch step {
            case .file(let path, let text):
                try Files.write(text, to: block)
                script += "cp '\(block)' '\(path)'\n"
            case .commands(let commands):
                try Files.write(commands.text, to: block)
                let run = ". '\(block)' >'\(notes)/out-\(number)' 2>&1"
                script +=
                    commands.exitCode == 0
                    ? "\(run)\n"
                    : "code=0; \(run) || code=$?\n[[ $code == \(commands.exitCode) ]]\n"
                number += 1
            }
        }
        return script
    }
}
