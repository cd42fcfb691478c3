package import Wire

/// What a promotion does to one component.
package struct ComponentChange: Message, Hashable {
    package var origin = Origin(unchecked: "")
    package var from: FreightID?
    package var to: FreightID?
    package var kind = ChangeKind.unchanged
    /// An unsuccessful promotion may have touched it; nobody can say what runs.
    package var isUncertain = false

    package init() {}

    /// The change of `origin`.
    package init(
        origin: Origin,
        from: FreightID?,
        to: FreightID?,
        kind: ChangeKind,
        isUncertain: Bool = false
    ) {
        self.origin = origin
        self.from = from
        self.to = to
        self.kind = kind
        self.isUncertain = isUncertain
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "from", &from)
        try visitor.field(3, "to", &to)
        try visitor.field(4, "kind", &kind)
        try visitor.field(5, "isUncertain", &isUncertain)
    }
}

/// The kinds of change of a component.
package enum ChangeKind: UInt32, WireEnum {
    case added = 1
    case changed = 2
    case unchanged = 3
    /// The target has none of it, and it runs or, being uncertain, may run.
    case removed = 4
    /// The target has it, and an earlier promotion may have touched it and did not succeed;
    /// counts as changed.
    case uncertain = 5

    /// Whether steps with `forEach: changed` run for such a component.
    package var countsAsChanged: Bool { self != .unchanged }
}

extension FreightCollection {
    /// What going from this collection to `target` does to each component, ordered by origin.
    ///
    /// `uncertain` are origins that an unsuccessful promotion may have touched.
    package func changes(
        to target: FreightCollection,
        uncertain: Set<Origin> = []
    ) -> [ComponentChange] {
        let origins = uncertain.union(components.map(\.origin))
            .union(target.components.map(\.origin))
        return origins.sorted().map { origin in
            let from = self[origin: origin]?.freight
            let to = target[origin: origin]?.freight
            let isUncertain = uncertain.contains(origin)
            let kind: ChangeKind =
                switch (from, to) {
                case (_, nil): .removed
                case _ where isUncertain: .uncertain
                case (nil, _): .added
                case (.some(let from), .some(let to)): from == to ? .unchanged : .changed
                }
            return ComponentChange(
                origin: origin,
                from: from,
                to: to,
                kind: kind,
                isUncertain: isUncertain
            )
        }
    }
}
