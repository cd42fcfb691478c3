import ArgumentParser
import Requests

/// Which events are wanted.
struct EventFilterOptions: ParsableArguments {
    @Option(
        help: "Events about this or concerning it, such as stage/prod; freight by alias or id.",
        completion: Completions.subjects
    )
    var subject: String?

    @Option(help: "Events about things of this kind, such as promotion.")
    var kind: String?

    @Option(help: "Events by this actor.")
    var actor: String?

    @Option(help: "Events of this type, such as PromotionRequested; may be repeated.")
    var type: [String] = []

    @Option(
        help:
            "Events that say this: reason, message, name, subject or actor; A to Z match a to z."
    )
    var text: String?

    /// The events that the options ask for.
    var selection: EventSelection {
        var selection = EventSelection()
        selection.subject = subject
        selection.kind = kind
        selection.actor = actor
        selection.types = type
        selection.text = text
        return selection
    }
}
