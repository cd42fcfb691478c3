import EventLog
import Ledger
import PromotionModel

extension PageContext {
    /// A moment in words, with the exact one behind it: `17 min ago`.
    func when(_ time: Timestamp) -> Fill {
        let length = now.milliseconds(since: time)
        let text: String
        if length < 0 {
            text = "in \(TimeText.roughLength(-length))"
        } else if length < 1000, !isPast {
            text = "now"
        } else {
            text = TimeText.roughLength(length) + (isPast ? " before" : " ago")
        }
        return [
            "text": text, "title": TimeText.whole(time), "machine": TimeText.machine(time),
            "isLive": isPast ? nil : true,
        ]
    }

    /// The same, absolute: `Thu 17 Sep, 02:52`.
    func date(_ time: Timestamp) -> Fill {
        [
            "text": TimeText.short(time), "title": TimeText.whole(time),
            "machine": TimeText.machine(time),
        ]
    }

    /// A freight chip.
    func fill(_ chip: FreightChip, isLink: Bool = true, isDim: Bool = false) -> Fill {
        let icon = Identicon(of: chip.id)
        let place = path.place.project.map { PagePlace.freight(chip.id.rawValue, in: $0) }
        return [
            "href": isLink ? place.map { link($0).text } : nil,
            "name": chip.name, "title": chip.title, "hue": String(icon.hue),
            "cells": icon.cells, "short": String(chip.id.rawValue.prefix(7)),
            "dim": isDim ? true : nil,
        ]
    }

    /// A link to an event in the audit.
    func fill(_ position: Position) -> Fill {
        guard let project = path.place.project else { return ["text": position.grouped] }
        let values: [PageParameter: String] = [.event: String(position.rawValue)]
        return [
            "text": position.grouped,
            "href": link(.audit(project), values).text + "#event",
            "title": "Event \(position.rawValue.grouped) of the ledger",
        ]
    }

    /// A sentence for the partial `spans`.
    func fill(_ spans: [Span]) -> [Fill] { spans.map(fill) }

    private func fill(_ span: Span) -> Fill {
        switch span {
        case .text(let text): ["text": text]
        case .strong(let text): ["strong": text]
        case .quiet(let text): ["quiet": text]
        case .code(let text): ["code": text]
        case .version(let text): ["version": text]
        case .link(let text, let path): ["link": ["text": text, "href": path.text] as Fill]
        case .outside(let text, let url):
            url.hasPrefix("https://") || url.hasPrefix("http://")
                ? ["outside": ["text": text, "href": url] as Fill] : ["text": text]
        case .freight(let chip): ["freight": fill(chip)]
        case .change(let from, let to): ["change": ["from": from, "to": to] as Fill]
        case .event(let position): ["position": fill(position)]
        case .state(let state): ["state": state.fill]
        case .time(let time): ["time": date(time)]
        }
    }

    /// A component: the lane's colour and name.
    func component(_ origin: Origin, in project: ProjectName) throws(LedgerError) -> Fill {
        ["name": origin.name, "lane": String(try colour(of: origin, in: project))]
    }

    /// Who did something, person or machine.
    func by(_ actor: String, _ assurance: Assurance) -> Fill {
        ["name": actor, "icon": assurance == .automation ? "robot" : "user"]
    }

    /// The fields that every form carries; disabled, with the reason, where whoever looks may not
    /// send it.
    ///
    /// `needs` is what it takes, where the hidden fields do not say which place is meant.
    func form(
        _ verb: String,
        in project: ProjectName,
        _ hidden: [(String, String)] = [],
        preview: FormPreview? = nil,
        needs: [Need]? = nil
    ) -> Fill {
        let refused = refusal(of: verb, hidden)
        let barred = barred(from: needs ?? [PageForm.need(of: verb, in: project, hidden)])
        var fields = hidden.map { ["name": $0.0, "value": $0.1] as Fill }
        if let fingerprint = preview?.fingerprint {
            fields.append(["name": "preview", "value": fingerprint])
        }
        return [
            "action": PageForm.action(verb, in: project),
            "csrf": session.csrfToken,
            "command": session.makeCommandID(),
            "seen": String(view.moment.position.rawValue),
            "back": path.text,
            "hidden": fields,
            "refusal": refused?.sentence,
            "reason": refused?.values["reason"]?.first,
            "reasonID": uniqueID("reason"),
            "off": barred == nil ? nil : true, "barred": barred,
            "typed": refused.map(typed),
        ]
    }

    /// What was typed into a form that was refused, by the names of its fields.
    private func typed(_ refusal: FormRefusal) -> Fill {
        var fill: Fill = [:]
        for (name, values) in refusal.values { fill[name] = values.first }
        return fill
    }

    /// The refusal of the form of a verb about these things; nil where it is another form's.
    private func refusal(of verb: String, _ hidden: [(String, String)]) -> FormRefusal? {
        guard let refusal, refusal.verb == verb else { return nil }
        let isSame = hidden.allSatisfy { name, value in
            name == "allow" || refusal.values[name].map { $0.contains(value) } ?? true
        }
        return isSame ? refusal : nil
    }
}
