import Expressions

/// An output of a step that reads a file: a name, and what it is in the document.
struct ParsedOutput: Configuration {
    fileprivate var name = ""
    fileprivate var expression = ""

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("name", &name, "the name of the output")
        visitor.text(
            "fromExpression",
            &expression,
            "an expression in which the document's members are variables, and $env is the document"
        )
    }
}

extension [ParsedOutput] {
    /// What the expressions come to in a document that was read from `path`.
    func values(of document: Value, _ path: String) throws(StepError) -> [String: Value] {
        var values: [String: Value] = [:]
        var variables = document.objectValue ?? [:]
        variables["$env"] = document
        let environment = Variables(variables)
        for output in self {
            values[output.name] = try output.value(in: environment, path)
        }
        return values
    }
}

extension ParsedOutput {
    fileprivate func value(in environment: Variables, _ path: String) throws(StepError) -> Value {
        do {
            return try Expression(parsing: expression).evaluate(in: environment)
        } catch {
            throw .wrong("\(path): output \(name): \(error)")
        }
    }
}
