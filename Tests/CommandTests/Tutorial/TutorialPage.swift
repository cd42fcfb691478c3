/// A page of documentation whose fenced blocks can be carried out.
///
/// - ```` ```yaml ````: a file; its first line is a comment that begins with the path.
/// - ```` ```sh ````: commands for bash, in the same shell as those before; they must succeed, or
///   end with the code that ```` ```sh exit=3 ```` says.
/// - ```` ```text ````: what the commands before it print. Commands without one print nothing.
///
/// What `waybill run` prints may come in another order: it does several things at once.
///
/// There may be no other blocks, so none is left out by mistake.
struct TutorialPage: Sendable {
    let steps: [Step]

    /// Something that the reader of the page does.
    enum Step: Sendable {
        /// Writes a file.
        case file(path: String, text: String)
        /// Types commands.
        case commands(Commands)
    }

    /// A block of commands, and what the page says of them.
    struct Commands: Sendable {
        /// The line of the page on which they begin.
        let line: Int
        let text: String
        let exitCode: Int
        /// Whether the output comes in one order only.
        var isOrdered: Bool { !text.contains("waybill run ") }
        /// The lines of the page that show the output; nil where none is shown.
        var shown: Range<Int>?
        var output: [String] = []
    }

    /// The blocks of commands.
    var commands: [Commands] {
        steps.compactMap { if case .commands(let commands) = $0 { commands } else { nil } }
    }

    /// Reads a page.
    init(_ text: String) throws {
        var steps: [Step] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var index = 0
        while index < lines.count {
            guard lines[index].hasPrefix("```") else {
                index += 1
                continue
            }
            let info = lines[index].dropFirst(3).split(separator: " ").map(String.init)
            let start = index + 1
            guard let end = lines[start...].firstIndex(of: "```") else {
                throw TestFailure("line \(start): the block has no end")
            }
            try Self.add(Array(lines[start..<end]), at: start, info, to: &steps)
            index = end + 1
        }
        self.steps = steps
    }

    /// Adds a block, whose first line is the line `start` of the page, counted from 0.
    private static func add(
        _ lines: [String],
        at start: Int,
        _ info: [String],
        to steps: inout [Step]
    ) throws {
        switch info.first {
        case "yaml":
            guard let match = lines.first?.prefixMatch(of: /# ([a-z\/-]+\.yaml)/) else {
                throw TestFailure("line \(start): the block does not begin with its file's path")
            }
            steps.append(.file(path: String(match.1), text: lines.joined(separator: "\n") + "\n"))
        case "sh":
            let code = info.dropFirst().first.flatMap { $0.wholeMatch(of: /exit=([0-9]+)/)?.1 }
            guard info.count == 1 || code != nil, info.count <= 2 else {
                throw TestFailure("line \(start): \(info) is not known")
            }
            let exitCode = code.flatMap { Int($0) } ?? 0
            let text = lines.joined(separator: "\n") + "\n"
            steps.append(.commands(Commands(line: start, text: text, exitCode: exitCode)))
        case "text":
            guard case .commands(var commands) = steps.last, commands.shown == nil else {
                throw TestFailure("line \(start): the output of no commands")
            }
            commands.shown = start..<start + lines.count
            commands.output = lines
            steps[steps.count - 1] = .commands(commands)
        default:
            throw TestFailure("line \(start): nothing is done with this block")
        }
    }
}
