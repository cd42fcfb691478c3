/// A query parameter of a page: `?NAME=VALUE`.
///
/// Closed, so that what a link may say is listed in one place. A name that is none of these is let
/// be, as browsers and mail programs add some.
package enum PageParameter: String, CaseIterable, Hashable, Sendable {
    /// Which moment to show: a position, or whatever else is a moment.
    case at
    /// What to look for: a stage, freight, a version, a position.
    case find = "q"
    /// A warehouse that is shown; repeated for several.
    case warehouse = "w"
    /// Which lanes are open: `all`, `moving` or `attention`.
    case lanes
    /// A stack of stages that is opened, by its first stage.
    case open
    /// The part of the ledger that the slider spans: `all`, `7d` or `24h`.
    case window
    /// The stage that everything is compared with.
    case focus = "of"
    /// Where a list goes on: everything before this position.
    case before
    /// Where a list by name goes on: everything after this name.
    case after
    /// One side of a difference, a position.
    case left = "a"
    /// The other side of a difference, a position.
    case right = "b"
    /// What something is compared with.
    case against
    /// Which kind of a list's lines are shown.
    case show
    /// The form that is open, such as `rollback`.
    case form = "do"
    /// Where a rollback goes.
    case target = "to"
    /// Freight that is chosen; repeated for several.
    case freight
    /// A stage that is chosen.
    case stage
    /// An artifact; in forms repeated, each with a `version`.
    case artifact
    /// A version; in forms one for each `artifact`, empty to leave it.
    case version
    /// An origin that something is confined to.
    case origin
    /// A text in events.
    case text
    /// What events are about: `stage/prod`.
    case about
    /// Kind of events, by name.
    case type
    /// Who did it.
    case actor
    /// Not before this moment.
    case from
    /// Not after this moment.
    case until
    /// The event whose proof is open.
    case event
    /// The first position that a command was recorded at; the page says so once.
    case done
    /// Something that is allowed, because somebody said so: `quarantined`, `partial`, `regression`.
    case allow
}
