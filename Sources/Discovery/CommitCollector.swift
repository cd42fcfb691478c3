import EventLog
import Matching

/// Collects the commits that a selection chooses, as they come, newest first.
///
/// Holds what was chosen and nothing else.
package struct CommitCollector: Sendable {
    private let selection: CommitSelection
    /// What was chosen, in the order in which it came.
    package private(set) var chosen: [CommitDetails] = []
    /// What ended the collecting early.
    package private(set) var failure: SelectionError?

    /// A collector that has seen nothing.
    package init(_ selection: CommitSelection) { self.selection = selection }

    /// Whether commits that follow could be chosen.
    package var wantsMore: Bool {
        failure == nil && (selection.limit == 0 || chosen.count < selection.limit)
    }

    /// Looks at a commit that changes `paths` against its first parent.
    package mutating func take(_ commit: CommitDetails, changing paths: [String]) {
        var touches = false
        for path in paths where !touches { touches = isHit(path) }
        take(touches: touches) { commit }
    }

    /// Whether a changed path makes its commit one that counts.
    mutating func isHit(_ path: String) -> Bool {
        do {
            return try selection.paths.matches(path)
        } catch {
            failure = failure ?? .pattern(error)
            return false
        }
    }

    /// Looks at a commit; `details` are read only where they are needed.
    mutating func take(touches: Bool, _ details: () -> CommitDetails?) {
        guard wantsMore else { return }
        let isHit = touches || !selection.looksAtPaths
        // Kargo evaluates the expression first, so one that fails is told whatever was changed.
        guard isHit || selection.hasExpression, let commit = details() else { return }
        if let sinceMs = selection.sinceMs, commit.committed.rawValue < sinceMs { return }
        do {
            if try selection.admits(commit), isHit { chosen.append(commit) }
        } catch {
            failure = error
        }
    }
}
