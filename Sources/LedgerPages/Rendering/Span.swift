import EventLog
import PromotionModel

/// A part of a sentence.
enum Span {
    case text(String)
    case strong(String)
    case quiet(String)
    case code(String)
    case version(String)
    case link(String, PagePath)
    /// A place outside; whatever is no http(s) address is shown as text.
    case outside(String, url: String)
    case freight(FreightChip)
    case change(from: String, to: String)
    case event(Position)
    case state(StateWord)
    case time(Timestamp)
}

/// How something stands: an icon, a word, and a tone that never speaks alone.
struct StateWord {
    /// What a state means, which is its colour.
    enum Tone: String {
        case ok, run, hold, fail, past
        case none = "none"
    }

    let tone: Tone
    let icon: String
    let word: String

    init(_ tone: Tone, _ icon: String, _ word: String) {
        self.tone = tone
        self.icon = icon
        self.word = word
    }

    var fill: Fill { ["tone": tone.rawValue, "icon": icon, "word": word] }
}

extension [Span] {
    /// The sentence without anything but its words, for labels.
    var plain: String {
        map { span in
            switch span {
            case .text(let text), .strong(let text), .quiet(let text), .code(let text),
                .version(let text), .link(let text, _), .outside(let text, _):
                text
            case .freight(let chip): chip.name
            case .change(let from, let to): "\(from) to \(to)"
            case .event(let position): position.grouped
            case .state(let state): state.word
            case .time(let time): TimeText.short(time)
            }
        }.joined()
    }
}

extension Position {
    /// As in `#1,772`.
    var grouped: String { "#" + rawValue.grouped }
}

extension BinaryInteger {
    /// Digits by threes, as in 1,772.
    var grouped: String {
        let digits = String(describing: self)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3), text.last != "-" { text += "," }
            text.append(digit)
        }
        return text
    }
}

/// A count with its noun: 1 slot, 2 slots.
func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    "\(count.grouped) \(count == 1 ? one : many ?? one + "s")"
}
