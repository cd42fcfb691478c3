import Expressions
import Ledger
import LedgerAPI
import PromotionModel

// What projects share, and how they are.
extension Listing {
    /// The tasks of a project; of `.cluster`, those for everybody.
    func tasks(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "STEPS", "VARIABLES", "USED BY"]),
            kind: project == .cluster ? "clustertask" : "task"
        )
        let page = try names(name) { facts throws(FactsFailure) in
            try facts.tasks(in: project, after: paging.after, limit: paging.limit)
        }
        result.next = page.next
        for task in page.names {
            let value = try Shape.task(task, in: project, view)
            if value.isNull { continue }
            result.values.append(value)
            let users = (value["usedBy"]?.arrayValue ?? []).map { user in
                let stage = user["stage"]?.stringValue ?? ""
                return user["project"]?.stringValue.map { "\($0)/\(stage)" } ?? stage
            }
            let variables = (value["vars"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
            result.table.add([
                task.rawValue, "\(value["steps"]?.arrayValue?.count ?? 0)",
                variables.isEmpty ? "-" : variables.joined(separator: ","),
                users.isEmpty ? "-" : users.joined(separator: ","),
            ])
        }
        return result
    }

    /// How automation of a project is set.
    func projectConfigs(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "STAGES", "AUTO-PROMOTION"]),
            kind: "projectconfig"
        )
        guard name == nil || name == project.rawValue else { return result }
        let value = try Shape.projectConfig(project, view)
        result.values.append(value)
        for policy in value["promotionPolicies"]?.arrayValue ?? [] {
            let labels = (policy["matchLabels"]?.arrayValue ?? []).map { label in
                "\(label["name"]?.stringValue ?? "")=\(label["value"]?.stringValue ?? "")"
            }
            let expressions = (policy["matchExpressions"]?.arrayValue ?? [])
                .compactMap(\.stringValue)
            let stages = [policy["stage"]?.stringValue].compactMap { $0 } + labels + expressions
            result.table.add([
                project.rawValue, stages.isEmpty ? "all" : stages.joined(separator: " "),
                policy["autoPromotionEnabled"] == .bool(true) ? "on" : "off",
            ])
        }
        return result
    }

    /// What holds for all projects.
    func clusterConfigs(_ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "GIT NAME", "GIT ADDRESS"]),
            kind: "cluster"
        )
        let value = try Shape.cluster(view)
        guard !value.isNull, name == nil || name == "cluster" else { return result }
        result.values.append(value)
        result.table.add([
            "cluster", value["gitClient"]?["name"]?.stringValue ?? "-",
            value["gitClient"]?["email"]?.stringValue ?? "-",
        ])
        return result
    }
}
