package import EventLog

/// Lets automation fill slots of a junction again, one of them or all that are held.
package struct ResumeCollection: Hashable, Sendable {
    package let project: ProjectName
    package let junction: JunctionName
    package let origin: Origin?
    package init(project: ProjectName, junction: JunctionName, origin: Origin? = nil) {
        self.project = project
        self.junction = junction
        self.origin = origin
    }
}

/// Asks for the slots of a junction to hold again what they held earlier.
package struct RollBackJunction: Hashable, Sendable {
    package let project: ProjectName
    package let junction: JunctionName
    package let target: JunctionTarget
    /// One slot to bring back; nil for all.
    package let origin: Origin?
    /// Leaves slots as they are that cannot be brought back.
    package let partial: Bool
    package init(
        project: ProjectName,
        junction: JunctionName,
        target: JunctionTarget,
        origin: Origin? = nil,
        partial: Bool = false
    ) {
        self.project = project
        self.junction = junction
        self.target = target
        self.origin = origin
        self.partial = partial
    }
}

/// Where a rollback of a junction goes.
package enum JunctionTarget: Hashable, Sendable {
    /// The latest combination that was repackaged and that the slots do not hold; asked again,
    /// the one before.
    case previous
    /// What the slots held at a position.
    case position(Position)
    /// What a bundle of the junction was made of, by its alias, id or prefix.
    case bundle(String)
}
