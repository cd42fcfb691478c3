import EventLog
package import Ledger
package import PromotionModel

/// Turns what people type into names of things.
package enum Names {
    /// A stage that there is.
    package static func stage(
        _ text: String,
        in project: ProjectName,
        _ view: View
    ) throws -> StageName {
        let name = try stage(text)
        let row = try view.ask { facts throws(FactsFailure) in
            try facts.stage(name, in: project)
        }
        guard row != nil else { throw CommandFailure(.unknownStage(name, in: project)) }
        return name
    }

    /// A stage that there is or was.
    package static func knownStage(
        _ text: String,
        in project: ProjectName,
        _ view: View
    ) throws -> StageName {
        let name = try stage(text)
        let isKnown = try view.ask { facts throws(FactsFailure) in
            try facts.hasEverBeen(name, in: project)
        }
        guard isKnown else { throw CommandFailure(.unknownStage(name, in: project)) }
        return name
    }

    /// A stage or junction that there is, `stage/prod` or `junction/release`.
    package static func consumer(
        _ text: String,
        in project: ProjectName,
        _ view: View
    ) throws -> Consumer {
        guard let consumer = Consumer(try subject(text)) else {
            throw CommandFailure.usage(
                "\(text.quotedForDisplay) takes no freight; write stage/NAME or junction/NAME"
            )
        }
        switch consumer {
        case .stage(let name): _ = try stage(name.rawValue, in: project, view)
        case .junction(let name):
            let row = try view.ask { facts throws(FactsFailure) in
                try facts.junction(name, in: project)
            }
            guard row != nil else { throw CommandFailure(.unknownJunction(name, in: project)) }
        }
        return consumer
    }

    /// The name of a stage, `prod` or `stage/prod`.
    package static func stage(_ text: String) throws(CommandFailure) -> StageName {
        let bare = text.hasPrefix("stage/") ? String(text.dropFirst(6)) : text
        guard let name = StageName(rawValue: bare) else {
            throw .usage(
                "\(text.quotedForDisplay) cannot be the name of a stage; see waybill get stages"
            )
        }
        return name
    }

    /// The name of a junction, `release` or `junction/release`.
    package static func junction(_ text: String) throws(CommandFailure) -> JunctionName {
        let bare = text.hasPrefix("junction/") ? String(text.dropFirst(9)) : text
        guard let name = JunctionName(rawValue: bare) else {
            throw .usage(
                "\(text.quotedForDisplay) cannot be the name of a junction; "
                    + "see waybill get junctions"
            )
        }
        return name
    }

    /// The name of a warehouse, `checkout` or `warehouse/checkout`.
    package static func warehouse(_ text: String) throws(CommandFailure) -> WarehouseName {
        let bare = text.lowercased().hasPrefix("warehouse/") ? String(text.dropFirst(10)) : text
        guard let name = WarehouseName(rawValue: bare) else {
            throw .usage(
                "\(text.quotedForDisplay) cannot be the name of a warehouse; "
                    + "see waybill get warehouses"
            )
        }
        return name
    }

    /// A stage or junction with its kind: `stage/prod`, `junction/release`.
    package static func consumer(_ text: String) throws(CommandFailure) -> Consumer {
        if text.hasPrefix("stage/") { return .stage(try stage(text)) }
        if text.hasPrefix("junction/") { return .junction(try junction(text)) }
        throw .usage(
            "\(text.quotedForDisplay) is no stage or junction; write stage/NAME or junction/NAME"
        )
    }

    /// A stage or junction, `stage/prod` or `junction/release`; a name alone is a stage's.
    package static func stageOrJunction(_ text: String) throws(CommandFailure) -> Consumer {
        text.hasPrefix("junction/") ? .junction(try junction(text)) : .stage(try stage(text))
    }

    /// The name of a promotion.
    package static func promotion(_ text: String) throws(CommandFailure) -> PromotionName {
        let bare = text.hasPrefix("promotion/") ? String(text.dropFirst(10)) : text
        guard let name = PromotionName(rawValue: bare) else {
            throw .usage(
                "\(text.quotedForDisplay) cannot be the name of a promotion; "
                    + "see waybill get promotions"
            )
        }
        return name
    }

    /// An origin, `Warehouse/checkout`, or the name of a warehouse alone.
    package static func origin(_ text: String) throws(CommandFailure) -> Origin {
        guard let origin = Origin(rawValue: text) ?? Origin(rawValue: "Warehouse/\(text)") else {
            throw .usage(
                "\(text.quotedForDisplay) is no origin; write Warehouse/NAME or Junction/NAME"
            )
        }
        return origin
    }

    /// The event at a position, `#1234` or `1234`.
    ///
    /// One of a project that whoever asks does not see is not there for him.
    package static func event(
        _ text: String,
        _ choice: ProjectChoice,
        _ view: View
    ) throws -> LedgerEvent {
        guard case .position(let position) = MomentReference(parsing: text) else {
            throw CommandFailure.usage(
                "\(text.quotedForDisplay) is no position; write #1234, see waybill get events"
            )
        }
        let isThere = position > .origin && position <= view.moment.position
        let event = isThere ? try view.event(at: position) : nil
        guard let event, choice.seesEvents(of: event.header.project) else {
            throw CommandFailure.notFound(
                "there is no event \(position) at \(view.moment.position); see waybill get events"
            )
        }
        return event
    }

    /// Something with its kind, such as `stage/prod`.
    package static func subject(_ text: String) throws(CommandFailure) -> Subject {
        guard let subject = Subject(rawValue: text) else {
            throw .usage(
                "\(text.quotedForDisplay) names nothing; write KIND/NAME, such as stage/prod"
            )
        }
        return subject
    }

    /// The project that something is in: the one that is meant, and none for what all share.
    package static func project(
        of subject: Subject,
        _ choice: ProjectChoice,
        _ view: View
    ) throws(CommandFailure) -> ProjectName {
        switch subject.kind {
        case .clusterTask, .cluster: .cluster
        // Roles in a project are that project's events.
        case .token, .user, .group: choice.said == nil ? .cluster : try choice.name(view.facts)
        case .project, .warehouse, .stage, .junction, .freight, .promotion, .task, nil:
            try choice.name(view.facts)
        }
    }

    /// The same thing under the name that events have for it: freight by its id.
    package static func resolved(
        _ subject: Subject,
        in project: ProjectName,
        _ view: View
    ) throws -> Subject {
        guard subject.kind == .freight else { return subject }
        let result = try view.ask { facts throws(FactsFailure) in
            try FreightReference.resolve(subject.name, in: project, facts: facts)
        }
        switch result {
        case .success(let id): return .freight(id)
        case .failure(let refusal): throw CommandFailure(refusal)
        }
    }
}
