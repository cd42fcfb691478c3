import Expressions
import PromotionModel

/// `toml-parse`: reads values out of a TOML file.
struct TOMLParseStep: ConfiguredStep {
    private var path = ""
    private var outputs: [ParsedOutput] = []

    static let text = StepText(
        summary: "reads values out of a TOML file by expressions about its members",
        givesWhatItIsTold: true,
        example: """
            - uses: toml-parse
              as: crate
              config:
                path: ./src/Cargo.toml
                outputs:
                - name: version
                  fromExpression: package.version
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.parts("outputs", &outputs, isRequired: true, "what to read")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let bytes = try context.workDirectory.read(path)
        let document: TOMLTable
        do throws(StepError) {
            document = try TOMLScanner.document(bytes)
        } catch {
            throw .wrong("\(WorkDirectory.shown(path)): \(error.message)")
        }
        return .succeeded(try outputs.values(of: document.value, path))
    }
}
