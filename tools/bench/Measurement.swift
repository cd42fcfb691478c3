import Glibc
import Synchronization

/// One line of a table of results.
struct Measurement {
    let name: String
    /// Events a second.
    let rate: Double

    /// Runs `body`, which handles `count` events.
    static func take(
        _ name: String,
        _ count: Int,
        _ body: () async throws -> Void
    ) async rethrows -> Measurement {
        let began = ContinuousClock.now
        try await body()
        Memory.sample()
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return Measurement(name: name, rate: Double(count) / seconds)
    }

    /// A row of the table: the median rate, the median of the rounds' ratios to another
    /// measurement with the lowest and the highest, and what is wanted of either.
    static func line(
        _ name: String,
        _ rates: [Double],
        _ ratios: [Double],
        against: String?,
        _ wanted: Double?
    ) -> String {
        let rate = median(rates)
        let ratioText = spread(ratios)
        var verdict = ""
        if let wanted, against == nil || !ratios.isEmpty {
            verdict = (ratios.isEmpty ? rate : median(ratios)) >= wanted ? "reached" : "missed"
        }
        let wantedText = wanted.map { ratios.isEmpty ? "\(Int($0))" : "\($0) × \(against ?? "")" }
        return "| \(name) | \(Int(rate)) | \(ratioText) | \(wantedText ?? "") | \(verdict) |"
    }

    /// The median, with the lowest and the highest.
    static func spread(_ values: [Double]) -> String {
        guard let low = values.min(), let high = values.max() else { return "" }
        return "\(fixed(median(values))) (\(fixed(low)) to \(fixed(high)))"
    }

    private static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    private static func fixed(_ value: Double) -> String {
        "\((value * 100).rounded() / 100)"
    }
}

/// How much memory the process holds.
enum Memory {
    private static let peak = Atomic<Int>(0)

    /// Notes how much anonymous memory is resident now; called where it is expected to be most.
    ///
    /// Anonymous only: the mapped data file counts as memory too, but is the kernel's to drop.
    static func sample() {
        peak.max(anonymousKiB(), ordering: .relaxed)
    }

    /// The most that was noted, in MiB.
    static func peakAnonymousMiB() -> Int {
        sample()
        return peak.load(ordering: .relaxed) / 1024
    }

    private static func anonymousKiB() -> Int {
        let file = unsafe open("/proc/self/status", O_RDONLY)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe read(file, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
        }
        return 0
    }
}
