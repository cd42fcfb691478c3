import ArgumentParser
import Expressions
import LedgerAPI
import Requests

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the configuration in effect, and where each value comes from.",
        discussion: """
            What an option says counts more than a variable, that more than the file (--config, \
            or serve.yaml in the ledger's directory), and that more than what holds by itself. \
            Take the options that 'waybill serve' would get. Tokens are not shown.

            The file is YAML, a setting a line: 'listen: 127.0.0.1:9000', 'host: \
            [waybill.example.com]', 'automation: false', 'allowFileRepos: true'.

            For example: waybill config --listen 0.0.0.0:8080
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var serve: ServeOptions

    /// A value, and where it comes from.
    private typealias Line = (name: String, value: Value, source: String)

    func run() throws {
        var lines = try options.placeInEffect()
        if try options.serverAddress() == nil {
            lines.append(lockWait())
            let configuration = try ServeConfiguration(
                serve,
                besideLedgerAt: options.directory
            )
            lines += configuration.chosen.map { ($0.setting.name, $0.value, $0.source) }
        }
        guard !options.isStructured else {
            let members = lines.map { line in
                (
                    line.name,
                    Shape.object([("value", line.value), ("source", .string(line.source))])
                )
            }
            return options.show(Shape.object(members))
        }
        var table = TextTable(["SETTING", "VALUE", "FROM"])
        for line in lines { table.add([line.name, text(line.value), line.source]) }
        Output.text(table.text)
    }

    private func lockWait() -> Line {
        guard let text = Environment.variable("WAYBILL_LOCK_WAIT") else {
            return ("lockWait", "10", "default")
        }
        return ("lockWait", .string(text), "WAYBILL_LOCK_WAIT")
    }

    private func text(_ value: Value) -> String {
        if let items = value.arrayValue {
            return items.isEmpty ? "-" : items.compactMap(\.stringValue).joined(separator: ", ")
        }
        return value.stringValue ?? (value.isNull ? "-" : value.json)
    }
}
