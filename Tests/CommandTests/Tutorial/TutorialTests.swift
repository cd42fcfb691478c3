import Testing

/// `docs/TUTORIAL.md`, done by a reader who types all of it.
@Suite struct TutorialTests {
    private static let path = "\(Program.root)/docs/TUTORIAL.md"

    @Test func `every command of the tutorial does what the page shows`() async throws {
        let text = try Files.text(Self.path)
        let page = try TutorialPage(text)
        let run = try await TutorialRun.of(page)
        let commands = page.commands
        #expect(run.failure == nil, "line \(commands[max(0, run.outputs.count - 1)].line)")
        #expect(run.outputs.count == commands.count && commands.count > 20)

        var shown = ShownOutput()
        var corrections: [(Range<Int>, String)] = []
        for (block, output) in zip(commands, run.outputs) {
            if shown.matches(block.output, output, ordered: block.isOrdered) { continue }
            if let lines = block.shown { corrections.append((lines, output)) }
            if !Golden.isRecording || block.shown == nil {
                Issue.record("line \(block.line):\n\(block.text)prints\n\(output)")
            }
        }
        if Golden.isRecording { try Self.correct(text, corrections) }
    }

    /// Writes the page with what was printed in the place of what it shows.
    private static func correct(_ text: String, _ corrections: [(Range<Int>, String)]) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (range, output) in corrections.reversed() {
            let printed = output.split(separator: "\n", omittingEmptySubsequences: false)
            lines.replaceSubrange(range, with: printed.dropLast().map(String.init))
        }
        try Files.write(lines.joined(separator: "\n"), to: path)
    }

    @Test(arguments: [
        ("a b", "a   b  ", true),
        ("a b", "a c", false),
        ("a", "a\nb", false),
        ("a\nb", "a", false),
        ("…\nb", "a\na\nb", true),
        ("…\nb", "a\na", false),
        ("a … d", "a b c d", true),
        ("a … d", "a b c e", false),
        ("#7 and #7", "#9 and #9", true),
        ("#7 and #8", "#9 and #9", false),
        ("#7 and #7", "#8 and #9", false),
        ("#7", "seven", false),
        ("by agile-otter of 5d19ac1", "by witty-yak of 0000000", true),
        ("by agile-otter", "by git-clone", false),
        ("2026-03-02T09:00:00Z (3m ago)", "2027-01-01T00:00:01Z (0s ago)", true),
        (
            "prod.01kjqg6r20000000000000007c.2aa22fc", "prod.01m839zrya000000000000008k.b01e8ee",
            true
        ),
        (
            "prod.01kjqg6r20000000000000007c.2aa22fc", "uat.01m839zrya000000000000008k.b01e8ee",
            false
        ),
    ])
    func `what is shown is compared word by word, but for what a run makes anew`(
        page: String,
        output: String,
        isSame: Bool
    ) {
        var shown = ShownOutput()
        let lines = page.split(separator: "\n").map(String.init)
        let matches = shown.matches(lines, output)
        #expect(matches == isSame)
    }

    @Test(arguments: [
        ("b #1\na #2", "a #5\nb #6", true),
        ("a #1\nb #1", "b #6\na #5\na #6", false),
        ("a #1\n…\nb #1", "b #6\na #5\na #6", true),
        ("a\na\n…", "a\nb", false),
        ("a\nb", "b", false),
    ])
    func `where the order does not matter every line is looked for`(
        page: String,
        output: String,
        isSame: Bool
    ) {
        var shown = ShownOutput()
        let lines = page.split(separator: "\n").map(String.init)
        let matches = shown.matches(lines, output, ordered: false)
        #expect(matches == isSame)
    }

    @Test func `a word of the page stands for the same thing everywhere`() {
        var shown = ShownOutput()
        let answers = [
            shown.matches(["made agile-otter"], "made witty-yak\n"),
            shown.matches(["took agile-otter"], "took agile-otter\n"),
            shown.matches(["took agile-otter"], "took witty-yak\n"),
        ]
        #expect(answers == [true, false, true])
    }

    @Test(arguments: [
        "```\nls\n```\n", "```bash\nls\n```\n", "```sh\nls\n", "```text\na\n```\n",
        "```sh exit=x\nls\n```\n", "```yaml\nkind: Stage\n```\n",
        "```sh\nls\n```\n```text\na\n```\n```text\na\n```\n",
    ])
    func `a block that would not be carried out is a mistake`(page: String) {
        #expect(throws: TestFailure.self) { try TutorialPage(page) }
    }
}
