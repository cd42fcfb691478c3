import Expressions
import PromotionModel

/// Reads the steps and variables of promotions.
enum StepReader {
    /// The steps of a promotion template, or of a task: none of these stands for another task.
    static func steps(_ spec: inout FieldMap, ofTask isOfTask: Bool = false) -> [StepTemplate] {
        var aliases: Set<String> = []
        var steps: [StepTemplate] = []
        for var fields in spec.maps("steps") {
            steps.append(step(&fields, isOfTask: isOfTask))
            guard let alias = steps.last?.alias else { continue }
            if isReserved(alias) {
                fields.add(
                    "names such as step-1 and task-1 are given to steps without one",
                    about: "as"
                )
            } else if alias.contains(TaskInflation.separator) {
                fields.add(
                    "\"\(TaskInflation.separator)\" stands between tasks and steps",
                    about: "as"
                )
            } else if !aliases.insert(alias).inserted {
                fields.add("another step has the name \"\(alias)\"", about: "as")
            }
        }
        return steps
    }

    /// Named values, which may be templates.
    static func variables(_ spec: inout FieldMap, _ place: ExpressionPlace) -> [Variable] {
        spec.maps("vars").compactMap { element in
            var fields = element
            defer { fields.finish() }
            let value = fields.text("value") ?? ""
            if let node = fields.node("value") {
                TemplateCheck.check(node, fields.path(of: "value"), place, fields.problems)
            }
            guard let name = fields.requiredText("name") else { return nil }
            guard isVariableName(name) else {
                fields.add(
                    "\"\(name)\" is no name of a variable: letters, digits and _, no digit first",
                    about: "name"
                )
                return nil
            }
            return Variable(name: name, value: value)
        }
    }

    private static func step(_ fields: inout FieldMap, isOfTask: Bool) -> StepTemplate {
        defer { fields.finish() }
        var step = StepTemplate()
        if isOfTask {
            fields.refuse("task", because: "a task holds no other task: write its steps here")
        }
        step.task = task(&fields)
        if fields.node("task") == nil {
            step.uses = fields.requiredText("uses") ?? ""
        } else {
            let advice = "the step stands for a task: it has as, task, vars and forEach only"
            for field in ["uses", "if", "continueOnError", "retry", "config"] {
                fields.refuse(field, because: advice)
            }
        }
        step.alias = fields.text("as").flatMap { $0.isEmpty ? nil : $0 }
        step.condition = condition(&fields)
        step.continueOnError = fields.flag("continueOnError") ?? false
        if var retry = fields.map("retry") {
            var values = StepRetry()
            let count = retry.whole("errorThreshold", in: 0...Int64(UInt32.max))
            values.errorThreshold = UInt64(count ?? 0)
            values.timeoutMs = retry.durationMs("timeout")
            step.retry = values
            retry.finish()
        }
        step.vars = variables(&fields, .step)
        step.config = config(&fields)
        step.forEach = fields.choice("forEach", ["changed": .changed, "components": .components])
        return step
    }

    /// The task that a step stands for.
    private static func task(_ fields: inout FieldMap) -> TaskReference? {
        guard var map = fields.map("task") else { return nil }
        defer { map.finish() }
        let kind = map.choice(
            "kind",
            ["PromotionTask": TaskKind.project, "ClusterPromotionTask": .cluster]
        )
        guard let name = map.requiredText("name") else { return nil }
        guard NameRule.isName(name) else {
            map.add(NameText.rule(for: name), about: "name")
            return nil
        }
        return TaskReference(kind: kind ?? .project, name: name)
    }

    private static func condition(_ fields: inout FieldMap) -> String? {
        guard let text = fields.text("if"), let node = fields.node("if"), !text.isEmpty else {
            return nil
        }
        if !Template.isTemplate(text) {
            fields.add(
                "a condition is an expression in ${{ }}, which text alone never is",
                about: "if"
            )
        }
        TemplateCheck.check(node, fields.path(of: "if"), .step, fields.problems)
        return text
    }

    private static func config(_ fields: inout FieldMap) -> Value {
        guard let node = fields.node("config") else { return .null }
        guard case .mapping = node.content else {
            fields.add("a map is wanted here, not \(node.kindName)", about: "config")
            return .null
        }
        TemplateCheck.check(node, fields.path(of: "config"), .step, fields.problems)
        return node.value
    }

    /// `step-1`, `task-12`: the names that steps without one get.
    private static func isReserved(_ alias: String) -> Bool {
        guard alias.hasPrefix("step-") || alias.hasPrefix("task-") else { return false }
        let digits = alias.dropFirst(5)
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Kargo's `^[a-zA-Z_]\w*$`.
    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "_")
        }
    }
}
