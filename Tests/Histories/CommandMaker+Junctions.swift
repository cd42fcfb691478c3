import EventLog
import PromotionModel

/// Commands about what junctions hold.
extension CommandMaker {
    mutating func collection() -> Command {
        let count = pick([0, 0, 1, 1, 2])
        return .collectFreight(
            CollectFreight(
                project: someProject(),
                junction: someJunction(),
                freight: (0..<count).map { _ in someFreight() }
            )
        )
    }

    mutating func repackaging() -> Command {
        .repackage(
            Repackage(
                project: someProject(),
                junction: someJunction(),
                alias: pick([nil, nil, "train-\(random.next() % 20)", "candidate", "Not An Alias"])
            )
        )
    }

    mutating func collectionResumption() -> Command {
        .resumeCollection(
            ResumeCollection(
                project: someProject(),
                junction: someJunction(),
                origin: chance(40) ? pick(names.origins) : nil
            )
        )
    }

    mutating func junctionRollback() -> Command {
        let junction = someJunction()
        let bundles = facts.freight(
            of: .junction(junction),
            in: project,
            before: Position(rawValue: .max),
            limit: 5
        )
        let bundle = bundles.randomElement(using: &random)?.freight.rawValue ?? someFreight()
        return .rollBackJunction(
            RollBackJunction(
                project: someProject(),
                junction: junction,
                target: pick([
                    .previous, .previous, .position(somePosition()), .position(somePosition()),
                    .bundle(bundle), .bundle(bundle), .bundle(someFreight()),
                ]),
                origin: chance(25) ? pick(names.origins) : nil,
                partial: chance(40)
            )
        )
    }
}
