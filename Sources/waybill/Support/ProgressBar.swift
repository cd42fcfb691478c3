import Glibc

/// A bar for long work, on standard error, where that is a terminal; otherwise nothing.
final class ProgressBar {
    private let title: String
    private let isShown = isatty(STDERR_FILENO) == 1
    /// The percentage that was drawn last; owned by the one caller.
    private var drawn: UInt64?

    /// A bar with a word before it.
    init(_ title: String) {
        self.title = title
    }

    /// Draws how much is done.
    func show(_ done: UInt64, of size: UInt64) {
        guard isShown, size > 0 else { return }
        let percent = done * 100 / size
        guard percent != drawn else { return }
        drawn = percent
        let filled = Int(percent) / 4
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 25 - filled)
        write("\r\(title) [\(bar)] \(percent)%")
    }

    /// Takes the bar away.
    func end() {
        if drawn != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
        }
    }
}
