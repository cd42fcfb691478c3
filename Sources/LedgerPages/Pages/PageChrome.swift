import EventLog
import Ledger
import PromotionModel

/// What stands around every page: navigation, the moment, the footer.
struct PageChrome {
    let context: PageContext
    /// What happened at the moment that is shown.
    var then: [Span] = []
    /// Brings something back to the moment that is shown: a text and an address.
    var back: (text: String, path: PagePath)?
    var modules: [Asset] = [.keys, .live, .copy]

    init(_ context: PageContext) { self.context = context }

    func fill() throws(LedgerError) -> Fill {
        let view = context.view
        let position = view.moment.position
        let isPast = context.isPast
        let recorded = position == .origin ? nil : try view.time(of: position)
        return [
            "favicon": Asset.icon.path, "style": Asset.style.path,
            "modules": modules.map(\.path), "past": isPast ? true : nil,
            "position": String(position.rawValue), "head": String(context.head.rawValue),
            "home": PagePath(.projects).text, "project": project,
            "at": isPast ? String(position.rawValue) : nil,
            "live": isPast
                ? nil
                : [
                    "href": context.path.text, "position": position.grouped,
                    "time": recorded.map { context.when($0) },
                ] as Fill,
            "notLive": isPast
                ? [
                    "href": context.path.with(.at, nil).text, "position": position.grouped,
                    "head": context.head.rawValue.grouped,
                ] as Fill : nil,
            "actor": context.session.actor,
            "anonymous": context.session.actor == nil ? PagePath(.signIn).text : nil,
            "then": isPast ? thenFill : nil,
            "receipt": receipt,
            "refusal": context.refusal?.sentence,
            "signOut": signOut,
            "foot": try foot(),
        ]
    }

    private var project: Fill? {
        guard let project = context.path.place.project else { return nil }
        let tabs: [(String, PagePlace, String)] = [
            ("Pipeline", .pipeline(project), "g p"), ("Freight", .freightList(project), "g f"),
            ("Grid", .grid(project), "g g"), ("Audit", .audit(project), "g a"),
        ]
        return [
            "name": project.rawValue, "choose": PagePath(.projects).text,
            "find": PagePath(.freightList(project)).text,
            "tabs": tabs.map { name, place, key in
                [
                    "name": name, "href": context.link(place).text, "key": key,
                    "current": isCurrent(place) ? true : nil,
                ] as Fill
            },
        ]
    }

    private func isCurrent(_ tab: PagePlace) -> Bool {
        switch (tab, context.path.place) {
        case (.pipeline, .pipeline), (.pipeline, .stage), (.pipeline, .junction),
            (.pipeline, .warehouse), (.pipeline, .promotion), (.pipeline, .restore),
            (.freightList, .freightList), (.freightList, .freight), (.grid, .grid),
            (.audit, .audit):
            true
        default: false
        }
    }

    private var signOut: Fill? {
        // Pages of the past have no forms at all.
        guard !context.isPast, context.session.actor != nil, !context.session.csrfToken.isEmpty
        else { return nil }
        return ["action": PageForm.signOutAction, "csrf": context.session.csrfToken]
    }

    private var thenFill: Fill {
        let time = context.view.moment.time
        let length = TimeText.roughLength(context.session.now.milliseconds(since: time))
        return [
            "position": context.view.moment.position.grouped, "ago": "\(length) ago",
            "whole": TimeText.whole(time), "spans": context.fill(then),
            "back": back.map { ["text": $0.text, "href": $0.path.text] as Fill },
            "now": context.path.with(.at, nil).with(.form, nil).text,
        ]
    }

    private var receipt: Fill? {
        guard let done = context.path[.done].flatMap({ UInt64($0) }) else { return nil }
        let position = Position(rawValue: done)
        guard position > .origin, position <= context.head else { return nil }
        return ["position": context.fill(position), "text": "It is on disk, and stays."]
    }

    private func foot() throws(LedgerError) -> Fill {
        let root = try context.view.root().hex
        let actor = context.session.actor
        return [
            "position": context.view.moment.position.grouped, "root": root,
            "short": String(root.prefix(10)),
            "signedIn": actor.map { "Signed in as \($0)" }
                ?? "Not signed in: nothing can be changed",
        ]
    }
}
