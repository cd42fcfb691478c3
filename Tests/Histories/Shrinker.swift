/// Makes a failing history short: leaves out commands as long as it still fails.
package struct Shrinker: Sendable {
    /// How often a history may be run.
    private let runCountMax: Int
    private let fails: @Sendable (History) async throws -> HistoryFailure?

    /// A shrinker of histories that `fails` says something about.
    package init(
        runCountMax: Int = 1000,
        fails: @escaping @Sendable (History) async throws -> HistoryFailure?
    ) {
        self.runCountMax = runCountMax
        self.fails = fails
    }

    /// A history that fails too, and of which no command can be left out; and how it fails.
    ///
    /// Delta debugging: halves are left out first, then quarters, and so on to single commands.
    package func shrink(
        _ history: History,
        _ failure: HistoryFailure
    ) async throws -> (History, HistoryFailure) {
        var numbers = Array(history.numbers.prefix(failure.index + 1))
        var failure = failure
        var runCount = 0
        var size = max(1, numbers.count / 2)
        while runCount < runCountMax {
            var isShorter = false
            var start = 0
            while start < numbers.count, runCount < runCountMax {
                var fewer = numbers
                fewer.removeSubrange(start..<min(start + size, numbers.count))
                runCount += 1
                if !fewer.isEmpty, let found = try await fails(History(numbers: fewer)) {
                    numbers = Array(fewer.prefix(found.index + 1))
                    failure = found
                    isShorter = true
                } else {
                    start += size
                }
            }
            if size == 1, !isShorter { break }
            if !isShorter || size > numbers.count { size = max(1, min(size, numbers.count) / 2) }
        }
        return (History(numbers: numbers), failure)
    }
}
