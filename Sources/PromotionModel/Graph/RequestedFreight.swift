package import Wire

/// One origin that a stage or junction asks for, and on which terms.
package struct RequestedFreight: Message, Hashable {
    package var origin = Origin(unchecked: "")
    /// Freight comes straight from the origin, without an upstream stage.
    package var direct = false
    /// Upstream stages that freight must have passed.
    package var stages: [StageName] = []
    /// How long freight must have been in an upstream stage, in milliseconds; 0 for no soak.
    package var requiredSoakMs: Int64 = 0
    package var availability = AvailabilityStrategy.oneOf
    package var selection = SelectionPolicy.newestFreight
    /// A junction repackages without this slot.
    package var optional = false

    package init() {}

    /// A request for freight of `origin`.
    package init(
        origin: Origin,
        direct: Bool = false,
        stages: [StageName] = [],
        requiredSoakMs: Int64 = 0,
        availability: AvailabilityStrategy = .oneOf,
        selection: SelectionPolicy = .newestFreight,
        optional: Bool = false
    ) {
        self.origin = origin
        self.direct = direct
        self.stages = stages
        self.requiredSoakMs = requiredSoakMs
        self.availability = availability
        self.selection = selection
        self.optional = optional
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "origin", &origin)
        try visitor.field(2, "direct", &direct)
        try visitor.field(3, "stages", &stages)
        try visitor.field(4, "requiredSoakMs", &requiredSoakMs)
        try visitor.field(5, "availability", &availability)
        try visitor.field(6, "selection", &selection)
        try visitor.field(7, "optional", &optional)
    }
}

/// How many of the upstream stages freight must have passed (Kargo's availabilityStrategy).
package enum AvailabilityStrategy: UInt32, WireEnum {
    case oneOf = 1
    case all = 2
}

/// Which of the available freight automation takes.
package enum SelectionPolicy: UInt32, WireEnum {
    /// Available, highest creation position.
    case newestFreight = 1
    /// What the one upstream stage runs, if available.
    case matchUpstream = 2
    /// Available, latest verification position upstream (junctions).
    case newestVerified = 3
}
