/// Everything of a card but its rows, with where it stands.
struct CardDrawing {
    let card: PlaceCard
    let frame: GraphFrame
    let left: Double
    let right: Double
    let context: PageContext

    init(
        card: PlaceCard,
        frame: GraphFrame,
        left: Double,
        right: Double,
        _ context: PageContext
    ) {
        self.card = card
        self.frame = frame
        self.left = left
        self.right = right
        self.context = context
    }

    private func number(_ value: Double) -> String { GraphPath.number(value) }

    func fill(lastRow: Double?) -> Fill {
        var fill: Fill = [
            "href": card.path.text, "label": card.label, "key": card.identity,
            "class": card.isDim ? "dim" : card.isLater ? "later" : nil,
        ]
        switch card.kind {
        case .warehouse: fill["box"] = box(radius: "5")
        case .stage: fill["box"] = box(radius: "7")
        case .junction: fill["nose"] = nose
        case .stack:
            fill["box"] = box(radius: "7")
            fill["backs"] = [8.0, 4.0].map { shift in
                [
                    "x": number(frame.x + shift), "y": number(frame.y + shift),
                    "width": number(frame.width - shift), "height": number(frame.height),
                ] as Fill
            }
        }
        if card.kind == .warehouse {
            if card.key.isEmpty { fill["more"] = more }
            return fill
        }
        fill["head"] = head
        fill["counts"] = counts
        fill["bars"] = bars
        var y = (lastRow ?? frame.y + card.headHeight - 15) + 19
        if !card.rows.isEmpty { fill["rules"] = rules(&y) }
        fill["feet"] = feet(from: y)
        return fill
    }

    private func box(radius: String) -> Fill {
        [
            "x": number(frame.x), "y": number(frame.y), "width": number(frame.width),
            "height": number(frame.height), "radius": radius,
        ]
    }

    /// A junction's outline, with the nose that its bundles leave by.
    private var nose: String {
        let (l, r, t, b) = (frame.x, frame.right, frame.y, frame.bottom)
        let tip = t + GraphLayout.headerMiddle
        return "M\(number(l + 7)) \(number(t))H\(number(r - 7))"
            + "Q\(number(r)) \(number(t)) \(number(r)) \(number(t + 7))V\(number(tip - 11))"
            + "L\(number(r + GraphLayout.noseWidth)) \(number(tip))"
            + "L\(number(r)) \(number(tip + 11))"
            + "V\(number(b - 7))Q\(number(r)) \(number(b)) \(number(r - 7)) \(number(b))"
            + "H\(number(l + 7))Q\(number(l)) \(number(b)) \(number(l)) \(number(b - 7))"
            + "V\(number(t + 7))Q\(number(l)) \(number(t)) \(number(l + 7)) \(number(t))z"
    }

    private var more: Fill {
        [
            "x": number(frame.x + 10), "y": number(frame.y + 6.5),
            "textX": number(frame.x + 29), "textY": number(frame.y + 17.5), "text": card.title,
        ]
    }

    private var head: Fill {
        var nameRoom = right - left - 24
        var fill: Fill = [
            "icon": card.icon ?? (card.kind == .junction ? "junction" : "stage"),
            "x": number(left - 0.5), "y": number(frame.y + 11),
            "nameX": number(left + 21), "nameY": number(frame.y + 23.5),
        ]
        if let state = card.state {
            let width = TextWidth.width(state.word, size: 12)
            nameRoom -= width + 20
            fill["state"] =
                [
                    "tone": state.tone.rawValue, "icon": state.icon, "word": state.word,
                    "quiet": state.tone == .ok || state.tone == .none ? true : nil,
                    "x": number(right), "y": number(frame.y + 23),
                    "iconX": number(right - width - 17), "iconY": number(frame.y + 12.5),
                ] as Fill
        } else if card.kind == .stack {
            nameRoom -= TextWidth.width(card.aside, size: 12) + 8
            fill["aside"] =
                [
                    "x": number(right), "y": number(frame.y + 23), "text": card.aside,
                ] as Fill
        }
        fill["name"] = TextWidth.cut(card.title, to: nameRoom, size: 14, isBold: true)
        guard card.kind != .stack else { return fill }
        var room = right - left
        if !card.aside.isEmpty {
            room -= TextWidth.width(card.aside, size: 12) + 8
            fill["aside"] =
                [
                    "x": number(right), "y": number(frame.y + 43), "text": card.aside,
                ] as Fill
        }
        if let chip = card.chip {
            fill["chip"] = chipFill(chip, x: left, y: frame.y + 32, room: room - 20)
        } else if !card.subtitle.isEmpty {
            fill["subtitle"] =
                [
                    "x": number(left + 1), "y": number(frame.y + 43),
                    "text": TextWidth.cut(card.subtitle, to: room, size: 12),
                ] as Fill
        }
        return fill
    }

    private func chipFill(_ chip: FreightChip, x: Double, y: Double, room: Double) -> Fill {
        let icon = Identicon(of: chip.id)
        return [
            "x": number(x), "y": number(y), "hue": String(icon.hue), "cells": icon.cells,
            "textX": number(x + 19), "textY": number(y + 11),
            "name": TextWidth.cut(chip.name, to: room, size: 12, isBold: true),
        ]
    }

    private func rules(_ y: inout Double) -> String {
        let across = "h\(number(frame.width - 1))"
        var path = "M\(number(frame.x + 0.5)) \(number(frame.y + 54))\(across)"
        if !card.feet.isEmpty { path += "M\(number(frame.x + 0.5)) \(number(y))\(across)" }
        y += 4
        return path
    }

    private var counts: [Fill] {
        card.counts.enumerated().map { index, count in
            let x = left + Double(index % 2) * (frame.width - 20) / 2
            let y = frame.y + 49 + Double(index / 2) * 19
            return [
                "icon": count.state.icon, "tone": count.state.tone.rawValue,
                "text": "\(count.count.grouped) \(count.state.word)",
                "x": number(x), "y": number(y), "textX": number(x + 18), "textY": number(y + 10.5),
            ]
        }
    }

    /// The parts of a stack's bar, each at least as wide as can be seen.
    private var bars: [Fill] {
        let total = Double(max(1, card.counts.reduce(0) { $0 + $1.count }))
        let room = right - left - Double(card.counts.count) * 4
        var x = left
        return card.counts.map { count in
            let width = 2.5 + room * Double(count.count) / total
            defer { x += width + 1.4 }
            return [
                "tone": count.bar, "x": number(x), "y": number(frame.y + 32),
                "width": number(width),
            ]
        }
    }

    private func feet(from start: Double) -> [Fill] {
        var y = start
        var isFirst = true
        return card.feet.map { foot in
            defer {
                y += foot.height
                isFirst = false
            }
            return self.foot(foot, y, hasRule: !isFirst)
        }
    }

    private func foot(_ foot: PlaceCard.Foot, _ y: Double, hasRule: Bool) -> Fill {
        var room = right - left - 20
        if !foot.aside.isEmpty { room -= TextWidth.width(foot.aside, size: 12) + 10 }
        var fill: Fill = [
            "icon": foot.state.icon, "tone": foot.state.tone.rawValue,
            "bold": foot.isBold ? true : nil, "x": number(left), "y": number(y + 5.5),
            "textX": number(left + 19), "textY": number(y + 16),
            "text": TextWidth.cut(foot.state.word, to: room, size: 12, isBold: foot.isBold),
            "rule": hasRule
                ? "M\(number(frame.x + 0.5)) \(number(y - 3))h\(number(frame.width - 1))" : nil,
        ]
        if !foot.aside.isEmpty {
            fill["aside"] = ["x": number(right), "y": number(y + 16), "text": foot.aside] as Fill
        }
        if let chip = foot.chip {
            fill["icon"] = nil
            fill["textX"] = number(left)
            fill["chip"] = chipFill(chip, x: left + 27, y: y + 5, room: room - 30)
        }
        guard !foot.segments.isEmpty else { return fill }
        let width = (right - left) / Double(foot.segments.count)
        fill["segments"] = foot.segments.enumerated().map { index, kind in
            [
                "kind": kind, "x": number(left + Double(index) * width), "y": number(y + 25),
                "width": number(max(1, width - 2)),
            ] as Fill
        }
        fill["detail"] =
            [
                "x": number(left), "y": number(y + 47),
                "text": TextWidth.cut(foot.detail, to: right - left, size: 12),
            ] as Fill
        return fill
    }
}
