import ConformanceSupport
import Expressions
import Testing

@Suite struct ExpressionsTemplateConformance {
    @Test func `templates in JSON come to what Kargo makes of them`() throws {
        let disagreements = try ConformanceFile("expressions-template.json").run { row in
            let text = try #require(row.input["template"]?.stringValue)
            let environment = Variables(row.input["env"]?.objectValue ?? [:])
            return try Value(json: text).evaluatingConfiguration(in: environment)
        }
        #expect(disagreements == [])
    }
}
