import Expressions
import PromotionModel

/// `yaml-parse`: reads values out of a YAML file.
struct YAMLParseStep: ConfiguredStep {
    private var path = ""
    private var outputs: [ParsedOutput] = []

    static let text = StepText(
        summary: "reads values out of the first document of a YAML file by expressions",
        givesWhatItIsTold: true,
        example: """
            - uses: yaml-parse
              as: values
              config:
                path: ./out/values.yaml
                outputs:
                - name: tag
                  fromExpression: image.tag
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.parts("outputs", &outputs, isRequired: true, "what to read")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let bytes = try context.workDirectory.read(path)
        let document = try YAMLDocument.reading(bytes, path) { (document) throws(StepError) in
            try document.value()
        }
        return .succeeded(try outputs.values(of: document, path))
    }
}
