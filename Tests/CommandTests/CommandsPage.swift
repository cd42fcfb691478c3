import Foundation

/// The part of `docs/COMMANDS.md` that is made of what the program says of itself.
struct CommandsPage {
    /// Above this line the page is written by hand.
    static let marker =
        "<!-- What follows is made by Tests/CommandTests/CommandsPage.swift of what the "
        + "program says of itself. -->"

    /// The page below the marker.
    let text: String

    /// Renders what `waybill --experimental-dump-help` answers.
    init(_ description: JSON) {
        var commands: [(name: String, command: JSON)] = []
        for command in description["command"]["subcommands"].items {
            Self.add(command, behind: "waybill", to: &commands)
        }
        let common = Self.common(commands.map(\.command))
        var blocks = [
            commands.map { name, command in
                let anchor = name.replacing(" ", with: "-")
                return "- [`\(name)`](#\(anchor)): \(Self.marked(command["abstract"].text))"
            }.joined(separator: "\n")
        ]
        blocks += commands.map { name, command in Self.section(name, command, common) }
        text = blocks.joined(separator: "\n\n") + "\n"
    }

    private static func add(
        _ command: JSON,
        behind prefix: String,
        to commands: inout [(name: String, command: JSON)]
    ) {
        // Commands that the program starts itself are nobody else's business.
        guard command["commandName"].text != "help", command["shouldDisplay"] != .bool(false)
        else { return }
        let name = prefix + " " + command["commandName"].text
        commands.append((name, command))
        for inner in command["subcommands"].items { add(inner, behind: name, to: &commands) }
    }

    // MARK: - Arguments

    /// Options that many commands have: they are only named at each.
    private static func common(_ commands: [JSON]) -> Set<String> {
        var counts: [String: Int] = [:]
        for argument in commands.flatMap({ $0["arguments"].items }) {
            counts[signature(argument), default: 0] += 1
        }
        return Set(counts.filter { $0.value > 3 }.map(\.key))
    }

    private static func signature(_ argument: JSON) -> String {
        title(argument) + ": " + argument["abstract"].text
    }

    /// How an argument is written, such as `-p, --project NAME`.
    private static func title(_ argument: JSON) -> String {
        let value = argument["valueName"].text.uppercased()
        guard argument["kind"].text != "positional" else { return value }
        let names = argument["names"].items.map { name in
            (name["kind"].text == "short" ? "-" : "--") + name["name"].text
        }
        let title = names.sorted { $0.count < $1.count }.joined(separator: ", ")
        return argument["kind"].text == "flag" ? title : "\(title) \(value)"
    }

    private static func meaning(_ argument: JSON) -> String {
        let text = marked(argument["abstract"].text).replacing("|", with: "\\|")
        let values = argument["allValues"].items.map(\.text)
        let isNamed = values.first.map { text.contains($0) } ?? true
        let standard = argument["defaultValue"]
        return text + (isNamed ? "" : " One of \(values.joined(separator: ", ")).")
            + (standard.isNull ? "" : " Default: `\(standard.text)`.")
    }

    // MARK: - Sections

    private static func section(_ name: String, _ command: JSON, _ common: Set<String>) -> String {
        let arguments = command["arguments"].items.filter {
            !["help", "version"].contains($0["valueName"].text)
        }
        let positional = arguments.filter { $0["kind"].text == "positional" }
        let words = positional.map { argument in
            let word = title(argument) + (argument["isRepeating"].isTrue ? "…" : "")
            return argument["isOptional"].isTrue ? "[\(word)]" : word
        }
        var blocks = ["### \(name)", marked(command["abstract"].text)]
        if command["subcommands"].items.isEmpty {
            blocks.append("    " + ([name] + words + ["[OPTIONS]"]).joined(separator: " "))
        }
        blocks += paragraphs(command["discussion"].text)
        let own = arguments.filter { !common.contains(signature($0)) }
        if !own.isEmpty {
            let rows = own.map { "| `\(title($0))` | \(meaning($0)) |" }
            blocks.append((["| argument | meaning |", "|---|---|"] + rows).joined(separator: "\n"))
        }
        let shared = arguments.filter { common.contains(signature($0)) }
            .map { "`\(title($0).replacing(#/ [A-Z-]+$/#, with: ""))`" }
        if !shared.isEmpty { blocks.append("Also: " + shared.joined(separator: ", ")) }
        return blocks.joined(separator: "\n\n")
    }

    /// A discussion as Markdown: its text, and the examples as code.
    private static func paragraphs(_ discussion: String) -> [String] {
        discussion.split(separator: "\n\n").map { paragraph in
            let lines = paragraph.split(separator: "\n").map(String.init)
            guard lines.first?.hasPrefix("For example: ") == true else {
                return lines.map { wrapped(marked($0)) }.joined(separator: "\n")
            }
            return lines.map { line in
                "    " + line.replacing(#/^(?:For example|or): /#, with: "")
            }.joined(separator: "\n")
        }
    }

    /// Text in which options, quoted words and forms such as `KIND/NAME` are code, and documents
    /// are links.
    private static func marked(_ text: String) -> String {
        text.replacing(/(^|[ (])'([^']+)'(?=$|[ ,.;:)])/) { "\($0.1)`\($0.2)`" }
            .replacing(/docs\/([A-Z_]+\.md)(#[a-z-]+)?/) { "[\($0.1)](\($0.1)\($0.2 ?? ""))" }
            .replacing(/(^|[ (])(--?[a-z][a-z-]*|[a-z]+\/[A-Z][A-Z]*)(?=$|[ ,.;:)])/) {
                "\($0.1)`\($0.2)`"
            }
    }

    /// Text in lines of a length that people can read.
    private static func wrapped(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count > 104 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n")
    }
}
