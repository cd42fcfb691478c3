import Expressions
import Foundation
import PromotionModel
import PromotionRunner

/// Performs a step that works on files, in a directory with some of them.
struct StepTrial {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// What came of a step.
    struct Outcome {
        let status: StepStatus
        let message: String?
        let outputs: [String: Value]
        /// The file that was asked for; nil if it is not there or no text.
        let text: String?
        /// Every file that is left, by its path, where that was asked for.
        let files: [String: String]
        /// The permissions of each.
        let modes: [String: Int]
    }

    /// Performs the step `uses`; the files are there before, and `path` is read afterwards, or
    /// everything.
    func perform(
        _ uses: String,
        _ config: Value,
        files: [String: String] = [:],
        components: [JobComponent] = [],
        reading path: String = "",
        listing: Bool = false
    ) async throws -> Outcome {
        // A step cannot be watched from outside: others bring the files and show the result.
        var steps = files.sorted { $0.key < $1.key }.map { name, contents in
            step("file-write", ["path": .string(name), "contents": .string(contents)])
        }
        steps.append(step(uses, config))
        let ledger = FakeLedger(job(steps, components: components))
        let directory = try workshop.directory("trial-\(UUID().uuidString)")
        let seen = Seen()
        let last = steps.count - 1
        await ledger.interrupt { command in
            if case .finishStep(let finish) = command, Int(finish.step) == last {
                let names = try FileManager.default.contentsOfDirectory(atPath: directory)
                let work = "\(directory)/\(names.first ?? "")"
                await seen.look(listing ? Self.paths(in: work) : [path], in: work)
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
        guard let finish = await ledger.finishes.last else { throw FakeLedger.Crash() }
        return Outcome(
            status: finish.status,
            message: finish.message,
            outputs: finish.outputs.objectValue ?? [:],
            text: await seen.files[path],
            files: await seen.files,
            modes: await seen.modes
        )
    }

    private static func paths(in work: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: work)
        return (all?.compactMap { $0 as? String } ?? []).filter { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(work)/\(path)")
            return attributes?[.type] as? FileAttributeType != .typeDirectory
        }
    }

    /// What was in the directory before it went.
    private actor Seen {
        private(set) var files: [String: String] = [:]
        private(set) var modes: [String: Int] = [:]

        func look(_ paths: [String], in work: String) {
            for path in paths {
                let file = "\(work)/\(path)"
                files[path] = try? String(contentsOfFile: file, encoding: .utf8)
                let attributes = try? FileManager.default.attributesOfItem(atPath: file)
                modes[path] = attributes?[.posixPermissions] as? Int
            }
        }
    }
}
