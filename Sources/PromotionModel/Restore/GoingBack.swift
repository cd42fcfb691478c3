import EventLog

/// What going back to an earlier collection comes to under today's requests.
struct GoingBack {
    /// What the stage will run, all of it.
    var collection: FreightCollection
    /// Components of the earlier collection whose requested origin is no longer requested.
    var notRequested: [Component]
    /// How many components of the earlier collection come back, changed or not.
    var restoredCount: Int
}

extension FreightCollection {
    /// What going back from this collection to `target` comes to, of one `origin` or of all.
    ///
    /// What is no longer requested does not come back; such a component stays as it is now. Of
    /// what runs now, all that is requested no more falls away, as in every promotion.
    func goingBack(
        to target: FreightCollection,
        requests: [RequestedFreight],
        origin: Origin?
    ) -> GoingBack {
        let requested = Set(requests.map(\.origin))
        let wanted = target.components.filter { component in
            guard let origin else { return true }
            return component.requestedOrigin == origin || component.origin == origin
        }
        let restored = wanted.filter { requested.contains($0.requestedOrigin) }
        let notRequested = wanted.filter { !requested.contains($0.requestedOrigin) }
        let replaced = Set(restored.map(\.origin))
        let left = Set(notRequested.map(\.origin))
        let kept = components.filter { component in
            guard requested.contains(component.requestedOrigin),
                !replaced.contains(component.origin)
            else { return false }
            if left.contains(component.origin) { return true }
            guard let origin else { return false }
            return component.requestedOrigin != origin && component.origin != origin
        }
        return GoingBack(
            collection: FreightCollection(kept + restored),
            notRequested: notRequested,
            restoredCount: restored.count
        )
    }
}

extension Component {
    /// That nobody requests what brought it any more, as a sentence.
    var isNotRequestedText: String {
        if origin == requestedOrigin { return "\(origin) is no longer requested" }
        return "\(origin) was brought by \(requestedOrigin), which is no longer requested"
    }

    /// It, as what a rollback leaves out.
    var dropped: DroppedFreight {
        let brought = origin == requestedOrigin ? "it" : "\(requestedOrigin), which brought it,"
        return DroppedFreight(
            origin: origin,
            freight: freight,
            why: "\(brought) is no longer requested"
        )
    }
}
