import PromotionModel

/// Reads `spec.verification` of a Stage.
enum VerificationReader {
    /// nil where it is absent or says nothing.
    static func read(_ spec: inout FieldMap) -> VerificationSpec? {
        guard let node = spec.node("verification"), !node.isEmpty,
            var fields = spec.map("verification")
        else { return nil }
        defer { fields.finish() }
        var verification = VerificationSpec()
        verification.templates = fields.maps("analysisTemplates").compactMap(template)
        if var metadata = fields.map("analysisRunMetadata") {
            verification.runLabels = variables(metadata.textMap("labels"))
            verification.runAnnotations = variables(metadata.textMap("annotations"))
            metadata.finish()
        }
        verification.args = fields.maps("args").compactMap(argument)
        verification.blocking = fields.flag("blocking") ?? true
        let external = fields.choice(
            "external",
            ["wait": ExternalVerification.wait, "assume": .assume]
        )
        verification.external = external ?? .wait
        verification.steps = steps(&fields)
        if fields.list("steps").isEmpty, fields.list("analysisTemplates").isEmpty {
            fields.problems.notice(
                "\(fields.path): without steps or analysisTemplates what runs is verified at once",
                at: fields.mark
            )
        }
        return verification == VerificationSpec() ? nil : verification
    }

    /// What a runner performs; refused beside templates, whose result somebody reports.
    private static func steps(_ fields: inout FieldMap) -> [StepTemplate] {
        let steps = StepReader.steps(&fields)
        guard !steps.isEmpty else { return [] }
        for (field, advice) in [
            ("analysisTemplates", "leave them out, or the steps"),
            ("args", "they are given to analysisTemplates; leave them out"),
            ("external", "leave it out"),
        ] {
            fields.refuse(field, because: "the steps say how it ends; \(advice)")
        }
        for (step, element) in zip(steps, fields.maps("steps")) where !step.isForVerification {
            element.add(
                "a verification only looks at what runs, and \(step.uses) changes what others see; "
                    + "put it into promotionTemplate",
                about: "uses"
            )
        }
        return steps
    }

    /// A reference as the model keeps it: `NAME`, or `ClusterAnalysisTemplate/NAME`.
    private static func template(_ element: FieldMap) -> String? {
        var fields = element
        defer { fields.finish() }
        let isClusterWide = fields.choice(
            "kind",
            ["AnalysisTemplate": false, "ClusterAnalysisTemplate": true]
        )
        guard let name = fields.requiredText("name") else { return nil }
        guard NameRule.isName(name) else {
            fields.add(NameText.rule(for: name), about: "name")
            return nil
        }
        return isClusterWide == true ? "ClusterAnalysisTemplate/\(name)" : name
    }

    /// Any name: it is a parameter of a template that Waybill does not see.
    private static func argument(_ element: FieldMap) -> Variable? {
        var fields = element
        defer { fields.finish() }
        let name = fields.requiredText("name")
        guard let node = fields.requiredNode("value") else { return nil }
        TemplateCheck.check(node, fields.path(of: "value"), .verificationArguments, fields.problems)
        guard let value = fields.text("value"), let name else { return nil }
        return Variable(name: name, value: value)
    }

    private static func variables(_ pairs: [(key: String, value: String)]) -> [Variable] {
        pairs.map { Variable(name: $0.key, value: $0.value) }
    }
}
