import Matching
import PromotionModel

/// Reads a `ProjectConfig`.
enum ProjectConfigReader {
    static func read(_ fields: inout FieldMap) -> ProjectSpec {
        var project = ProjectSpec()
        guard var spec = fields.map("spec") else { return project }
        defer { spec.finish() }
        var names: Set<String> = []
        for var element in spec.maps("promotionPolicies") {
            let (policy, field) = policy(&element)
            if let pattern = policy.stagePattern, !pattern.contains(":"),
                !names.insert(pattern).inserted
            {
                element.add("another policy is about the stage \(pattern)", about: field)
            }
            project.promotionPolicies.append(policy)
        }
        noticeUnread(&spec)
        return project
    }

    /// What a ProjectConfig and a ClusterConfig can say without effect.
    static func noticeUnread(_ spec: inout FieldMap) {
        spec.notice(
            "webhookReceivers",
            "receivers are not read; the secret of a webhook lies beside the ledger, see "
                + "docs/ACCESS.md"
        )
        spec.notice("freightLinks", "this version shows no links")
        spec.notice("stageLinks", "this version shows no links")
        spec.limit("promotionWindows", because: "this version does not keep promotion windows")
    }

    /// A policy, and the field that says which stages it is about.
    private static func policy(_ fields: inout FieldMap) -> (PromotionPolicy, String) {
        defer { fields.finish() }
        var policy = PromotionPolicy()
        policy.autoPromotionEnabled = fields.flag("autoPromotionEnabled") ?? false
        fields.limit("autoRollback", because: "this version does not roll back by itself")
        let stage = fields.text("stage").flatMap { $0.isEmpty ? nil : $0 }
        var selector = fields.map("stageSelector")
        if (stage == nil) == (selector == nil) {
            fields.problems.add(
                "a policy has either stage or stageSelector",
                at: fields.mark,
                field: fields.path
            )
        }
        if let stage {
            policy.stagePattern = stage
            check(stage, fields, "stage")
        }
        selector?.read(into: &policy)
        return (policy, stage == nil ? "stageSelector" : "stage")
    }

    /// A pattern with a colon has one of the prefixes, and compiles.
    fileprivate static func check(_ pattern: String, _ fields: FieldMap, _ name: String) {
        let prefix = pattern.prefix { $0 != ":" }
        if prefix.count < pattern.count, !["glob", "regex", "regexp"].contains(prefix) {
            fields.add(
                "\"\(prefix):\" is none of glob:, regex: and regexp:",
                about: name,
                nearest: NearestName.nearest(
                    to: String(prefix),
                    among: ["glob", "regex", "regexp"]
                )
            )
            return
        }
        do {
            guard case .exact(let stage) = try NamePattern(parsing: pattern) else { return }
            if !NameRule.isName(stage) { fields.add(NameText.rule(for: stage), about: name) }
        } catch {
            fields.add(error.description, about: name)
        }
    }
}

extension FieldMap {
    /// Reads a stageSelector.
    fileprivate mutating func read(into policy: inout PromotionPolicy) {
        if let name = text("name"), !name.isEmpty {
            policy.stagePattern = name
            ProjectConfigReader.check(name, self, "name")
        }
        policy.matchLabels = textMap("matchLabels").map { Variable(name: $0.key, value: $0.value) }
        policy.matchExpressions = maps("matchExpressions").compactMap { element in
            var fields = element
            defer { fields.finish() }
            return fields.labelExpression()
        }
        finish()
    }

    /// One of Kubernetes' requirements on labels.
    private mutating func labelExpression() -> LabelExpression? {
        let key = requiredText("key")
        let operation = requiredNode("operator").flatMap { _ in
            choice(
                "operator",
                [
                    "In": LabelOperation.isIn, "NotIn": .notIn, "Exists": .exists,
                    "DoesNotExist": .doesNotExist,
                ]
            )
        }
        var expression = LabelExpression()
        expression.values = texts("values")
        guard let key, let operation else { return nil }
        let wantsValues = operation == .isIn || operation == .notIn
        if wantsValues, expression.values.isEmpty {
            add("at least one value is wanted to compare the label with", about: "values")
        } else if !wantsValues, !expression.values.isEmpty {
            add(
                "there is nothing to compare: the operator asks for the label only",
                about: "values"
            )
        }
        expression.key = key
        expression.operation = operation
        return expression
    }
}
