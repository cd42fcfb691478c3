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
    }

    /// Performs the step `uses`; the files are there before, and `path` is read afterwards.
    func perform(
        _ uses: String,
        _ config: Value,
        files: [String: String] = [:],
        components: [JobComponent] = [],
        reading path: String = ""
    ) async throws -> Outcome {
        // A step cannot be watched from outside: others bring the files and show the result.
        var steps = files.sorted { $0.key < $1.key }.map { name, contents in
            step("file-write", ["path": .string(name), "contents": .string(contents)])
        }
        steps.append(step(uses, config))
        let ledger = FakeLedger(job(steps, components: components))
        let directory = try workshop.directory("trial-\(UUID().uuidString)")
        let text = Shown()
        let last = steps.count - 1
        await ledger.interrupt { command in
            if case .finishStep(let finish) = command, Int(finish.step) == last {
                let work = try FileManager.default.contentsOfDirectory(atPath: directory)
                let file = "\(directory)/\(work.first ?? "")/\(path)"
                await text.set(try? String(contentsOfFile: file, encoding: .utf8))
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
            text: await text.value
        )
    }

    private actor Shown {
        private(set) var value: String?
        func set(_ value: String?) { self.value = value }
    }
}
