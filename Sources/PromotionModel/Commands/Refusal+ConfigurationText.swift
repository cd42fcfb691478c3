extension Refusal {
    /// The sentence about something that is not configured, or cannot cease to be.
    var configurationText: String {
        switch self {
        case .unknownTask(let name, let project?):
            "there is no promotion task \(name) in project \(project); "
                + "see waybill get tasks -p \(project)"
        case .unknownTask(let name, nil):
            "there is no promotion task \(name) for all projects; see waybill get clustertasks"
        case .cannotBeDeleted(let subject):
            "\(subject) cannot be deleted: what happened stays in the ledger; name a warehouse, "
                + "stage, junction or task"
        case .projectStays(let project):
            "project \(project) cannot be deleted: its history stays; delete its stages, "
                + "junctions and warehouses"
        case .stillNeeded(let subject, let consumers) where subject.kind == .task:
            "\(subject) is needed by \(list(consumers)); take it out of "
                + "\(consumers.count == 1 ? "its" : "their") steps first"
        case .stillNeeded(let subject, let consumers):
            "\(subject) is needed by \(list(consumers)); let "
                + "\(consumers.count == 1 ? "it" : "them") request freight elsewhere first, or "
                + "delete \(consumers.count == 1 ? "it" : "them")"
        case .clusterTaskNeeded(let name, let stages):
            "clustertask/\(name) is needed by \(list(stages)); take it out of "
                + "\(stages.count == 1 ? "its" : "their") steps first"
        default: preconditionFailure("not a refusal about configuration")
        }
    }
}
