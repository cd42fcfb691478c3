import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A promotion task of a project, or of `.cluster`: what it wants to be told, its steps, and
    /// which stages use it.
    package static func task(
        _ name: TaskName,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.task(name, in: project) else { return .null }
            let isForAll = project == .cluster
            var users: [Value] = []
            for user in isForAll ? try facts.projects() : [project] {
                let task: Subject = isForAll ? .clusterTask(name) : .task(name)
                for stage in try facts.consumers(of: task, in: user) {
                    users.append(
                        object([
                            ("project", isForAll ? .string(user.rawValue) : .null),
                            ("stage", .string(stage.name)),
                        ])
                    )
                }
            }
            return object([
                ("kind", isForAll ? "ClusterPromotionTask" : "PromotionTask"),
                ("name", .string(name.rawValue)),
                ("project", isForAll ? .null : .string(project.rawValue)),
                ("position", number(row.position)),
                ("vars", .array(row.spec.vars.map(variable))),
                ("steps", .array(row.spec.steps.enumerated().map(step))),
                ("usedBy", .array(users)),
            ])
        }
    }

    /// What holds for all projects; null where nothing was said.
    package static func cluster(_ view: View) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.cluster() else { return .null }
            let client = row.spec.gitClient
            return object([
                ("kind", "ClusterConfig"), ("name", "cluster"),
                ("position", number(row.position)),
                (
                    "gitClient",
                    client.map { object([("name", text($0.name)), ("email", text($0.email))]) }
                        ?? .null
                ),
            ])
        }
    }

    /// How the policies of a project are; null where there is no such project.
    package static func projectConfig(
        _ project: ProjectName,
        _ view: View
    ) throws(LedgerError) -> Value {
        try view.ask { facts throws(FactsFailure) in
            guard let row = try facts.project(project) else { return .null }
            return object([
                ("kind", "ProjectConfig"), ("name", .string(project.rawValue)),
                ("project", .string(project.rawValue)), ("position", number(row.position)),
                (
                    "promotionPolicies",
                    .array(
                        row.spec.promotionPolicies.map { policy in
                            object([
                                ("stage", text(policy.stagePattern)),
                                ("matchLabels", .array(policy.matchLabels.map(variable))),
                                (
                                    "matchExpressions",
                                    names(policy.matchExpressions.map(\.description))
                                ),
                                (
                                    "autoPromotionEnabled", .bool(policy.autoPromotionEnabled)
                                ),
                            ])
                        }
                    )
                ),
            ])
        }
    }

    private static func variable(_ variable: Variable) -> Value {
        object([("name", .string(variable.name)), ("value", .string(variable.value))])
    }

    private static func step(_ index: Int, _ step: StepTemplate) -> Value {
        object([
            ("alias", .string(step.alias ?? "step-\(index + 1)")), ("uses", .string(step.uses)),
        ])
    }
}
