import Expressions
import PromotionModel

/// `json-parse`: reads values out of a JSON file.
struct JSONParseStep: ConfiguredStep {
    private var path = ""
    private var outputs: [ParsedOutput] = []

    static let text = StepText(
        summary: "reads values out of a JSON file by expressions about its members",
        givesWhatItIsTold: true,
        example: """
            - uses: json-parse
              as: package
              config:
                path: ./src/package.json
                outputs:
                - name: version
                  fromExpression: version
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.parts("outputs", &outputs, isRequired: true, "what to read")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let text = try context.workDirectory.readText(path)
        let document: Value
        do {
            document = try Value(json: text)
        } catch {
            throw .wrong("\(path) is not JSON: \(error)")
        }
        return .succeeded(try outputs.values(of: document, path))
    }
}
