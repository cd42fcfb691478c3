import Glibc

/// One line of a table of results.
struct Measurement {
    let name: String
    /// Events a second.
    let rate: Double
    /// What is asked for, and whether it was reached; nil where nothing is.
    var target: String = ""

    /// Runs `body`, which handles `count` events.
    static func take(
        _ name: String,
        _ count: Int,
        _ body: () async throws -> Void
    ) async rethrows -> Measurement {
        let began = ContinuousClock.now
        try await body()
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return Measurement(name: name, rate: Double(count) / seconds)
    }

    /// This measurement held against another: at least `factor` times its rate.
    func compared(to other: Measurement, atLeast factor: Double) -> Measurement {
        let ratio = rate / other.rate
        var copy = self
        let verdict = ratio >= factor ? "reached" : "missed"
        copy.target = "\(Self.fixed(ratio)) × \(other.name); \(factor) wanted: \(verdict)"
        return copy
    }

    /// This measurement held against a number of events a second.
    func compared(toRate wanted: Double) -> Measurement {
        var copy = self
        copy.target = "\(Int(wanted)) wanted: \(rate >= wanted ? "reached" : "missed")"
        return copy
    }

    var line: String {
        let name = name + String(repeating: " ", count: max(0, 52 - name.count))
        let number = "\(Int(rate))"
        return "| \(name) | \(String(repeating: " ", count: max(0, 9 - number.count)))\(number) | "
            + "\(target) |"
    }

    private static func fixed(_ value: Double) -> String {
        "\((value * 100).rounded() / 100)"
    }
}

/// What the process has used of memory.
enum Memory {
    /// Peak anonymous memory that is resident now, in MiB; 0 where the kernel does not tell.
    ///
    /// Anonymous only: the mapped data file counts as memory too, but is the kernel's to drop.
    static func anonymousMiB() -> Int {
        let file = unsafe open("/proc/self/status", O_RDONLY)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe read(file, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 / 1024 } ?? 0
        }
        return 0
    }
}
