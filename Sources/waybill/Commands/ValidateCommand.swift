import ArgumentParser
import Expressions
import LedgerAPI
import Manifests
import Requests

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check manifests by themselves, without a ledger.",
        discussion: """
            Kinds, fields, values and expressions of each document are checked; whether what \
            they refer to is there is checked by 'waybill apply'. Problems are told as there \
            (exit code 3). What a document may say but this version does not do is a notice \
            here, and refused by apply.

            For example: waybill validate -f shop/
            """
    )

    @Option(
        name: .shortAndLong,
        help: "A file, a folder, or - for standard input; may be repeated."
    )
    var file: [String]

    @Option(
        name: .shortAndLong,
        help: "The output: table, wide (nothing is cut), json, yaml or name (of 'get')."
    )
    var output: OutputFormat = .table

    func run() throws {
        let found = try ManifestFiles.reading(file)
        let errors = found.problems.filter { !$0.isLimitation }
        let limitations = found.problems.filter(\.isLimitation)
        for notice in found.notices { StandardError.write("\(notice)") }
        for limitation in limitations {
            StandardError.write("\(limitation); apply refuses it")
        }
        if !errors.isEmpty { throw CommandFailure(errors) }
        let count = found.documentCount
        guard output == .table || output == .wide else {
            return show([
                ("valid", true), ("documents", .int(Int64(count))),
                ("notices", .array(found.notices.map { .string("\($0)") })),
                ("limitations", .array(limitations.map { .string("\($0)") })),
            ])
        }
        Output.line(count == 1 ? "1 document is valid." : "\(count) documents are valid.")
    }

    private func show(_ members: [(String, Value)]) {
        let value = Shape.object(members)
        if output == .json { Output.line(value.indentedJSON) } else { Output.text(value.yaml) }
    }
}
