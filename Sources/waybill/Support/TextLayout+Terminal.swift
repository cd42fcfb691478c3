import Glibc
import Requests

extension TextLayout {
    /// That of standard output; with `-o wide` nothing is cut.
    static let ofStandardOutput: TextLayout = {
        guard Output.isTerminal else { return .whole }
        let isWide = OutputFormat.isAsked(for: .wide, in: CommandLine.arguments)
        // https://no-color.org: any text but an empty one turns colours off.
        let isColoured =
            Environment.variable("NO_COLOR") == nil && Environment.variable("TERM") != "dumb"
        return TextLayout(columns: isWide ? nil : terminalColumns, isColoured: isColoured)
    }()

    private static var terminalColumns: Int? {
        var size = winsize()
        if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return Environment.variable("COLUMNS").flatMap { Int($0) }
    }
}
