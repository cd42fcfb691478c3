import Expressions
package import PromotionModel

/// Writes resources as manifests.
package enum ManifestWriter {
    /// A document that `ManifestReader` reads as the same resource; defaults are left out.
    package static func yaml(of resource: Resource) -> String {
        document(of: resource).yaml(leadingKeys: leadingKeys)
    }

    /// What a reader looks for first in each map.
    private static let leadingKeys = [
        "apiVersion", "kind", "metadata", "name", "namespace", "origin", "key", "uses", "task",
        "as", "if",
        "policy", "vars", "requestedFreight", "promotionTemplate", "repoURL",
    ]

    static func document(of resource: Resource) -> Value {
        let kind: ManifestKind
        var metadata: [String: Value] = ["namespace": .string(resource.project.rawValue)]
        var spec: Value?
        switch resource.specification {
        case .project:
            kind = .project
            metadata = ["name": .string(resource.project.rawValue)]
        case .projectConfig(let project):
            kind = .projectConfig
            metadata["name"] = .string(resource.project.rawValue)
            spec = fields(of: project)
        case .warehouse(let name, let warehouse):
            kind = .warehouse
            metadata["name"] = .string(name.rawValue)
            spec = fields(of: warehouse)
        case .stage(let name, let stage):
            kind = .stage
            metadata["name"] = .string(name.rawValue)
            if !stage.labels.isEmpty { metadata["labels"] = textMap(stage.labels) }
            spec = fields(of: stage)
        case .junction(let name, let junction):
            kind = .junction
            metadata["name"] = .string(name.rawValue)
            spec = fields(of: junction)
        case .task(let name, let task):
            kind = .task
            metadata["name"] = .string(name.rawValue)
            spec = fields(of: task)
        case .clusterTask(let name, let task):
            kind = .clusterTask
            metadata = ["name": .string(name.rawValue)]
            spec = fields(of: task)
        case .cluster(let cluster):
            kind = .clusterConfig
            metadata = ["name": "cluster"]
            spec = fields(of: cluster)
        }
        var document: [String: Value] = [
            "apiVersion": .string(kind.apiVersion), "kind": .string(kind.rawValue),
            "metadata": .object(metadata),
        ]
        if let spec { document["spec"] = spec }
        return .object(document)
    }

    private static func fields(of project: ProjectSpec) -> Value {
        var fields = Fields()
        fields.set(
            "promotionPolicies",
            project.promotionPolicies.map { policy in
                var fields = Fields()
                var selector = Fields()
                selector.set("name", policy.stagePattern)
                if !policy.matchLabels.isEmpty {
                    selector.members["matchLabels"] = textMap(policy.matchLabels)
                }
                selector.set("matchExpressions", policy.matchExpressions.map(labelExpression))
                fields.members["stageSelector"] = selector.value
                fields.set("autoPromotionEnabled", policy.autoPromotionEnabled)
                return fields.value
            }
        )
        return fields.value
    }

    private static func labelExpression(_ expression: LabelExpression) -> Value {
        var fields = Fields()
        fields.set("key", expression.key)
        switch expression.operation {
        case .isIn: fields.set("operator", "In")
        case .notIn: fields.set("operator", "NotIn")
        case .exists: fields.set("operator", "Exists")
        case .doesNotExist: fields.set("operator", "DoesNotExist")
        }
        fields.set("values", expression.values)
        return fields.value
    }

    private static func fields(of task: TaskSpec) -> Value {
        var fields = Fields()
        fields.set("vars", task.vars.map(variable))
        fields.set("steps", task.steps.map(step))
        return fields.value
    }

    private static func fields(of cluster: ClusterSpec) -> Value {
        var fields = Fields()
        if let client = cluster.gitClient {
            var members = Fields()
            members.set("name", client.name)
            members.set("email", client.email)
            fields.members["gitClient"] = members.value
        }
        return fields.value
    }

    // MARK: - Warehouses

    private static func fields(of warehouse: WarehouseSpec) -> Value {
        let usual = WarehouseSpec()
        var fields = Fields()
        if warehouse.intervalMs != usual.intervalMs {
            fields.set("interval", TimeText.duration(warehouse.intervalMs))
        }
        if warehouse.creationPolicy == .manual { fields.set("freightCreationPolicy", "Manual") }
        if let criteria = warehouse.creationCriteria {
            fields.members["freightCreationCriteria"] = ["expression": .string(criteria)]
        }
        fields.set("promoteAssembled", warehouse.promoteAssembled)
        fields.set("subscriptions", warehouse.subscriptions.map(subscription))
        return fields.value
    }

    private static func subscription(_ subscription: Subscription) -> Value {
        var fields = Fields()
        fields.set("name", subscription.name.isEmpty ? nil : subscription.name)
        if let git = subscription.git { fields.members["git"] = self.fields(of: git) }
        if let image = subscription.image { fields.members["image"] = self.fields(of: image) }
        if let chart = subscription.chart { fields.members["chart"] = self.fields(of: chart) }
        return fields.value
    }

    private static func fields(of git: GitSubscription) -> Value {
        let usual = GitSubscription()
        var fields = Fields()
        fields.set("repoURL", git.repoURL)
        switch git.strategy {
        case .newestFromBranch: break
        case .semVer: fields.set("commitSelectionStrategy", "SemVer")
        case .lexical: fields.set("commitSelectionStrategy", "Lexical")
        case .newestTag: fields.set("commitSelectionStrategy", "NewestTag")
        }
        fields.set("branch", git.branch)
        fields.set("semverConstraint", git.semverConstraint)
        if !git.strictSemvers { fields.members["strictSemvers"] = .bool(false) }
        fields.set("allowTagsRegexes", git.allowTagsRegexes)
        fields.set("ignoreTagsRegexes", git.ignoreTagsRegexes)
        fields.set("expressionFilter", git.expressionFilter)
        fields.set("includePaths", git.includePaths)
        fields.set("excludePaths", git.excludePaths)
        fields.set("discoveryLimit", git.discoveryLimit, unless: usual.discoveryLimit)
        fields.set("since", git.sinceMs.map(TimeText.moment))
        fields.set("insecureSkipTLSVerify", git.insecureSkipTLSVerify)
        return fields.value
    }

    private static func fields(of image: ImageSubscription) -> Value {
        let usual = ImageSubscription()
        var fields = Fields()
        fields.set("repoURL", image.repoURL)
        switch image.strategy {
        case .semVer: break
        case .lexical: fields.set("imageSelectionStrategy", "Lexical")
        case .newestBuild: fields.set("imageSelectionStrategy", "NewestBuild")
        case .digest: fields.set("imageSelectionStrategy", "Digest")
        }
        fields.set("constraint", image.constraint)
        if !image.strictSemvers { fields.members["strictSemvers"] = .bool(false) }
        fields.set("allowTagsRegexes", image.allowTagsRegexes)
        fields.set("ignoreTagsRegexes", image.ignoreTagsRegexes)
        fields.set("platform", image.platform)
        fields.set("discoveryLimit", image.discoveryLimit, unless: usual.discoveryLimit)
        fields.set("insecureSkipTLSVerify", image.insecureSkipTLSVerify)
        return fields.value
    }

    private static func fields(of chart: ChartSubscription) -> Value {
        let usual = ChartSubscription()
        var fields = Fields()
        fields.set("repoURL", chart.repoURL)
        fields.set("name", chart.chartName.isEmpty ? nil : chart.chartName)
        fields.set("semverConstraint", chart.semverConstraint)
        fields.set("discoveryLimit", chart.discoveryLimit, unless: usual.discoveryLimit)
        return fields.value
    }

    // MARK: - Stages and junctions

    private static func fields(of stage: StageSpec) -> Value {
        var fields = Fields()
        fields.set("vars", stage.vars.map(variable))
        fields.set("requestedFreight", stage.requestedFreight.map(request))
        var template = Fields()
        template.set("vars", stage.templateVars.map(variable))
        template.set("steps", stage.steps.map(step))
        if !template.members.isEmpty {
            fields.members["promotionTemplate"] = ["spec": template.value]
        }
        switch stage.promotionQueue {
        case .all: break
        case .latest: fields.set("promotionQueue", "Latest")
        case .coalesce: fields.set("promotionQueue", "Coalesce")
        }
        if let verification = stage.verification {
            fields.members["verification"] = self.fields(of: verification)
        }
        return fields.value
    }

    private static func fields(of verification: VerificationSpec) -> Value {
        var fields = Fields()
        fields.set(
            "analysisTemplates",
            verification.templates.map { template in
                let parts = template.split(separator: "/").map(String.init)
                var fields = Fields()
                fields.set("name", parts.last)
                if parts.count > 1 { fields.set("kind", parts.first) }
                return fields.value
            }
        )
        var metadata = Fields()
        if !verification.runLabels.isEmpty {
            metadata.members["labels"] = textMap(verification.runLabels)
        }
        if !verification.runAnnotations.isEmpty {
            metadata.members["annotations"] = textMap(verification.runAnnotations)
        }
        if !metadata.members.isEmpty { fields.members["analysisRunMetadata"] = metadata.value }
        fields.set("args", verification.args.map(variable))
        if !verification.blocking { fields.members["blocking"] = .bool(false) }
        if verification.external == .assume { fields.set("external", "assume") }
        fields.set("steps", verification.steps.map(step))
        return fields.value
    }

    private static func fields(of junction: JunctionSpec) -> Value {
        var fields = Fields()
        fields.set("requestedFreight", junction.requestedFreight.map(request))
        fields.members["collection"] = [
            "policy": policy(junction.collectionPolicy), "select": selection(junction.selection),
        ]
        var repackaging = Fields()
        repackaging.members["policy"] = policy(junction.repackagingPolicy)
        if junction.debounceMs > 0 {
            repackaging.set("debounce", TimeText.duration(junction.debounceMs))
        }
        if junction.debounceMaxMs > 0 {
            repackaging.set("debounceMax", TimeText.duration(junction.debounceMaxMs))
        }
        if let criteria = junction.criteria {
            repackaging.members["criteria"] = ["expression": .string(criteria)]
        }
        repackaging.set("requireVerifiedTogether", junction.requireVerifiedTogether)
        fields.members["repackaging"] = repackaging.value
        return fields.value
    }

    private static func request(_ request: RequestedFreight) -> Value {
        var sources = Fields()
        sources.set("direct", request.direct)
        sources.set("stages", request.stages.map(\.rawValue))
        if request.requiredSoakMs > 0 {
            sources.set("requiredSoakTime", TimeText.duration(request.requiredSoakMs))
        }
        if request.availability == .all { sources.set("availabilityStrategy", "All") }
        if request.selection == .matchUpstream {
            sources.members["autoPromotionOptions"] = ["selectionPolicy": "MatchUpstream"]
        }
        var fields = Fields()
        fields.members["origin"] = [
            "kind": .string(request.origin.kind.rawValue), "name": .string(request.origin.name),
        ]
        fields.members["sources"] = sources.value
        fields.set("optional", request.optional)
        return fields.value
    }

    private static func step(_ step: StepTemplate) -> Value {
        var fields = Fields()
        if let task = step.task {
            var reference = Fields()
            reference.set("name", task.name)
            if task.kind == .cluster { reference.set("kind", task.kind.name) }
            fields.members["task"] = reference.value
        } else {
            fields.set("uses", step.uses)
        }
        fields.set("as", step.alias)
        fields.set("if", step.condition)
        fields.set("continueOnError", step.continueOnError)
        if let retry = step.retry {
            var values = Fields()
            values.set("errorThreshold", Int64(clamping: retry.errorThreshold), unless: 0)
            values.set("timeout", retry.timeoutMs.map(TimeText.duration))
            fields.members["retry"] = values.value
        }
        fields.set("vars", step.vars.map(variable))
        if !step.config.isNull { fields.members["config"] = step.config }
        switch step.forEach {
        case nil: break
        case .changed: fields.set("forEach", "changed")
        case .components: fields.set("forEach", "components")
        }
        return fields.value
    }

    private static func variable(_ variable: Variable) -> Value {
        ["name": .string(variable.name), "value": .string(variable.value)]
    }

    private static func textMap(_ variables: [Variable]) -> Value {
        .object(Dictionary(variables.map { ($0.name, .string($0.value)) }) { _, last in last })
    }

    private static func policy(_ policy: AutomationPolicy) -> Value {
        switch policy {
        case .automatic: "Automatic"
        case .manual: "Manual"
        }
    }

    private static func selection(_ selection: SelectionPolicy) -> Value {
        switch selection {
        case .newestFreight: "NewestFreight"
        case .newestVerified: "NewestVerified"
        case .matchUpstream: "MatchUpstream"
        }
    }
}

/// The fields of a map in the making; what is at its default stays away.
private struct Fields {
    var members: [String: Value] = [:]

    var value: Value { .object(members) }

    mutating func set(_ name: String, _ text: String?) {
        if let text { members[name] = .string(text) }
    }

    mutating func set(_ name: String, _ flag: Bool) {
        if flag { members[name] = .bool(true) }
    }

    mutating func set(_ name: String, _ number: Int64, unless usual: Int64) {
        if number != usual { members[name] = .int(number) }
    }

    mutating func set(_ name: String, _ texts: [String]) {
        if !texts.isEmpty { members[name] = .array(texts.map { .string($0) }) }
    }

    mutating func set(_ name: String, _ values: [Value]) {
        if !values.isEmpty { members[name] = .array(values) }
    }
}
