/// How long after a failure a warehouse is looked at again.
package enum LookPauses {
    /// After the first failure, unless the interval is shorter; in milliseconds.
    package static let firstMs: Int64 = 30_000
    /// After many of them, unless the interval is longer; in milliseconds.
    private static let longestMs: Int64 = 15 * 60_000

    /// After many failures, and after one that only a new configuration ends; in milliseconds.
    package static func longestMs(intervalMs: Int64) -> Int64 { max(longestMs, intervalMs) }
}
