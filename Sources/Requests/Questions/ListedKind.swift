/// What can be listed.
package enum ListedKind: String, CaseIterable, Sendable {
    case projects, warehouses, stages, junctions, tasks, clustertasks, projectconfigs
    case clusterconfigs, freight, promotions, events, bookmarks

    /// One of them.
    package var singular: String { self == .freight ? "freight" : String(rawValue.dropLast()) }
}
