import EventLog
import PromotionModel
import Testing

/// A team of 25 services: each has its warehouse, everything flows to uat by itself, a junction
/// collects what uat verified, and prod takes bundles by hand.
enum Team {
    static let services = (1...25).map {
        WarehouseName(unchecked: "service-\($0 < 10 ? "0" : "")\($0)")
    }
    static let release = JunctionName(unchecked: "release")

    /// dev and uat promote by themselves.
    static var resources: [Resource] {
        var junction = JunctionSpec()
        junction.requestedFreight = services.map { Shop.from(Shop.uat, $0) }
        junction.selection = .newestVerified
        let bundles = RequestedFreight(origin: .junction(release), direct: true)
        return [
            Shop.resource(.project),
            Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat]))),
        ] + services.map { Shop.resource(.warehouse($0, Shop.warehouse($0))) } + [
            Shop.resource(.stage(Shop.dev, Shop.stage(services.map { Shop.direct($0) }))),
            Shop.resource(.stage(Shop.uat, Shop.stage(services.map { Shop.from(Shop.dev, $0) }))),
            Shop.resource(.junction(release, junction)),
            Shop.resource(.stage(Shop.prod, Shop.stage([bundles]))),
        ]
    }

    /// All services in uat, and the first train in prod.
    static func released() -> World {
        var world = World()
        world.given(resources)
        for service in services { world.givenFreight(service, commit: "\(service)-1") }
        world.settle()
        world.when(
            .repackage(Repackage(project: Shop.project, junction: release, alias: "train-1"))
        )
        world.givenPromotion(of: ["train-1"], to: Shop.prod)
        return world
    }
}
