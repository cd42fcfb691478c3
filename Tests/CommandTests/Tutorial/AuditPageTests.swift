import Testing

/// `docs/AUDIT.md`, done by an operator and an auditor who type all of it.
@Suite struct AuditPageTests {
    @Test func `every command of the audit does what the page shows`() async throws {
        let shop = try await MainJob.shop()
        for name in ["verify-ledger.py", "verify-population.py"] {
            try Files.copy("\(Program.root)/tools/\(name)", to: shop.place.directory.sub(name))
        }
        let page = try TutorialPage(Files.text("\(Program.root)/docs/AUDIT.md"))
        let run = try await TutorialRun.of(page, in: shop.place.directory)
        let commands = page.commands
        #expect(run.failure == nil, "line \(commands[max(0, run.outputs.count - 1)].line)")
        #expect(run.outputs.count == commands.count && commands.count > 7)
        var shown = ShownOutput()
        for (block, output) in zip(commands, run.outputs)
        where !shown.matches(block.output, output, ordered: block.isOrdered) {
            Issue.record("line \(block.line):\n\(block.text)prints\n\(output)")
        }
    }
}
