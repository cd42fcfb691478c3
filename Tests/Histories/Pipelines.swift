import Expressions
import PromotionModel

/// The projects that histories are about, each of another shape.
enum Pipelines {
    /// Three services that go through dev and uat, and to prod as one bundle, or one as a hotfix.
    static let shop = ProjectName(unchecked: "shop")
    /// Two services through control flow and a fork: all of several stages, what upstream runs.
    static let lines = ProjectName(unchecked: "lines")
    /// Two junctions in a row, the first of which repackages by itself.
    static let trains = ProjectName(unchecked: "trains")

    static let projects = [shop, lines, trains]

    /// What a project's resources are called; also those that some variants lack.
    struct Names: Sendable {
        var warehouses: [WarehouseName] = []
        var stages: [StageName] = []
        var junctions: [JunctionName] = []

        var origins: [Origin] {
            warehouses.map { .warehouse($0) } + junctions.map { .junction($0) }
        }
    }

    static func names(of project: ProjectName) -> Names {
        switch project {
        case shop:
            Names(
                warehouses: [checkout, payments, web],
                stages: [dev, uat, prod],
                junctions: [release]
            )
        case lines:
            Names(
                warehouses: [api, lib],
                stages: [gate, left, right, accept, mirror],
                junctions: []
            )
        default:
            Names(
                warehouses: [one, two, three],
                stages: [dev, uat, prod],
                junctions: [daily, weekly]
            )
        }
    }

    static let checkout = WarehouseName(unchecked: "checkout")
    static let payments = WarehouseName(unchecked: "payments")
    static let web = WarehouseName(unchecked: "web")
    static let api = WarehouseName(unchecked: "api")
    static let lib = WarehouseName(unchecked: "lib")
    static let one = WarehouseName(unchecked: "one")
    static let two = WarehouseName(unchecked: "two")
    static let three = WarehouseName(unchecked: "three")
    static let dev = StageName(unchecked: "dev")
    static let uat = StageName(unchecked: "uat")
    static let prod = StageName(unchecked: "prod")
    static let gate = StageName(unchecked: "gate")
    static let left = StageName(unchecked: "left")
    static let right = StageName(unchecked: "right")
    static let accept = StageName(unchecked: "accept")
    static let mirror = StageName(unchecked: "mirror")
    static let release = JunctionName(unchecked: "release")
    static let daily = JunctionName(unchecked: "daily")
    static let weekly = JunctionName(unchecked: "weekly")

    /// The subscriptions of a warehouse: `lib` has two.
    static func subscriptions(of warehouse: WarehouseName) -> [Subscription] {
        let code = Subscription(
            name: warehouse == lib ? "code" : "",
            git: GitSubscription(repoURL: repository(warehouse, "code"), branch: "main")
        )
        guard warehouse == lib else { return [code] }
        let config = GitSubscription(repoURL: repository(warehouse, "config"), branch: "main")
        return [code, Subscription(name: "config", git: config)]
    }

    static func repository(_ warehouse: WarehouseName, _ part: String) -> String {
        "https://git.example.com/\(warehouse)/\(part).git"
    }
}
