import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Let Waybill drive a project that was only observed, or only observe it.",
        discussion: """
            In a project that is observed nothing is promoted, collected or repackaged,
            neither by hand nor by automation: another tool moves its freight.
            For example: waybill adopt shop
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The project.", completion: Completions.projects)
    var name: String

    @Flag(help: "Only observe it from now on; refused while a promotion waits or runs.")
    var observe = false

    func run() async throws {
        guard let project = ProjectName(rawValue: name) else {
            throw CommandFailure.usage("\(name.quotedForDisplay) cannot be the name of a project")
        }
        let session = try Session(options, change)
        let command = SetProjectMode(project: project, mode: observe ? .observe : .drive)
        try await session.execute(
            .setProjectMode(command),
            change,
            quiet: "Project \(project) is \(observe ? "only observed" : "driven") already."
        ) { _, _ in
            Output.line("project/\(project) is \(observe ? "only observed" : "driven") now")
        }
    }
}
