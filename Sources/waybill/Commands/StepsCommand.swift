import ArgumentParser
import Expressions
import PromotionRunner
import Requests

struct StepsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steps",
        abstract: "The steps that promotions can be made of, or one of them with an example.",
        discussion: """
            One of them with its configuration and an example. It needs no ledger.

            For example: waybill steps yaml-update
            """
    )

    @Option(
        name: .shortAndLong,
        help: "The output: table, wide (nothing is cut), json, yaml or name (of 'get')."
    )
    var output: OutputFormat = .table

    @Argument(help: "The step; without it, all of them.")
    var name: String?

    func run() throws {
        guard let name else { return showAll() }
        guard let step = KnownSteps.named(name) else {
            let problem = KnownSteps.problem(with: name) ?? "there is no step \(name)"
            throw CommandFailure.notFound(
                problem + (problem.hasSuffix("?") ? " See waybill steps" : "; see waybill steps")
            )
        }
        switch output {
        case .json: Output.line(step.shape.indentedJSON)
        case .yaml: Output.text(step.shape.yaml)
        case .name: Output.line("step/\(step.name)")
        case .table, .wide: Output.text(Self.page(about: step))
        }
    }

    private func showAll() {
        let steps = KnownSteps.all
        let list: Value = ["items": .array(steps.map(\.shape))]
        switch output {
        case .json: Output.line(list.indentedJSON)
        case .yaml: Output.text(list.yaml)
        case .name: for step in steps { Output.line("step/\(step.name)") }
        case .table, .wide:
            var table = TextTable(["STEP", "WHAT IT DOES"])
            for step in steps { table.add([step.name, step.summary]) }
            Output.text(table.text)
        }
    }

    /// Everything about a step.
    private static func page(about step: StepDescription) -> String {
        var fields = TextTable(["FIELD", "VALUE", "DEFAULT", "MEANING"])
        add(step.fields, below: "", to: &fields)
        var page = "\(step.name): \(step.summary)\n\n\(fields.text)"
        if !step.outputs.isEmpty || step.givesWhatItIsTold {
            var outputs = TextTable(["OUTPUT", "MEANING"])
            for output in step.outputs { outputs.add([output.name, output.meaning]) }
            if step.givesWhatItIsTold { outputs.add(["*", "what the configuration names"]) }
            page += "\n\(outputs.text)"
        }
        return "\(page)\n\(step.example)\n"
    }

    private static func add(
        _ fields: [StepField],
        below place: String,
        to table: inout TextTable
    ) {
        for field in fields {
            let standard =
                field.isRequired ? "(required)" : field.standard.isNull ? "" : field.standard.json
            let meaning = field.isDone ? field.meaning : "\(field.meaning); refused: not done yet"
            table.add([place + field.name, field.kind, standard, meaning])
            let list = field.kind.hasPrefix("list") ? "[]" : ""
            add(field.fields, below: "\(place)\(field.name)\(list).", to: &table)
        }
    }
}
