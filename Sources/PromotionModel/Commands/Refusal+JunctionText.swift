import EventLog

extension Refusal {
    /// The sentence of a refusal about a junction.
    var junctionText: String {
        switch self {
        case .slotsEmpty(let junction, let origins):
            "junction \(junction): \(RepackagingObstacle.slotsEmpty(origins))"
        case .bundleExists(let junction, let alias):
            "junction \(junction) holds the same as its bundle \(alias); promote that, or collect "
                + "something else first"
        case .notVerifiedTogether(let junction, let stages):
            "junction \(junction): \(RepackagingObstacle.neverTogether(stages))"
        case .repackagingWaits(let junction, let why):
            "automation does not repackage junction \(junction) now: \(why); waybill repackage "
                + "\(junction) does not wait"
        case .noSlotHeld(let junction):
            "no slot of junction \(junction) is held; there is nothing to resume"
        case .junctionNotThere(let junction, let position):
            "there was no junction \(junction) at \(position), or one that was deleted since; "
                + "choose a later moment"
        case .heldNothing(let junction, let position):
            "junction \(junction) held nothing at \(position); "
                + "see waybill audit --subject junction/\(junction)"
        case .slotNotThere(let origin, let junction, let position):
            "junction \(junction) had no slot for \(origin) at \(position); choose a later moment"
        case .notABundle(let freight, let junction):
            "freight \(freight) is no bundle of junction \(junction); "
                + "see waybill get freight --origin Junction/\(junction)"
        case .noEarlierBundle(let junction):
            "junction \(junction) repackaged nothing before what it holds now; "
                + "see waybill get freight --origin Junction/\(junction)"
        case .slotsNotRestorable(let junction, let position, let problems):
            "junction \(junction) cannot hold again what it held at \(position): "
                + "\(problems.joined(separator: "; ")); "
                + "give --partial to leave these slots as they are"
        default: preconditionFailure("not a refusal about a junction")
        }
    }
}
