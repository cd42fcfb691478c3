import ArgumentParser
import Requests

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Let Waybill drive a project that was only observed, or only observe it.",
        discussion: """
            In a project that is observed nothing is promoted, collected or repackaged, neither \
            by hand nor by automation: another tool moves its freight.

            For example: waybill adopt shop
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The project.", completion: Completions.projects)
    var name: String

    @Flag(help: "Only observe it from now on; refused while a promotion waits or runs.")
    var observe = false

    private var asked: ModeChange {
        var asked = ModeChange()
        asked.name = name
        asked.observe = observe
        return asked
    }

    func run() async throws {
        try await CommandClient(options, change).execute(asked, change)
    }
}
