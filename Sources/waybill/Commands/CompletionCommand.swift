import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a script that completes commands, and the names that the ledger has.",
        discussion: """
            For example: waybill completion bash > \
            ~/.local/share/bash-completion/completions/waybill
            For zsh, into a folder of $fpath: waybill completion zsh > ~/.zfunc/_waybill
            For fish: waybill completion fish > ~/.config/fish/completions/waybill.fish
            """
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    func run() {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Output.line(Waybill.completionScript(for: shell))
    }
}
