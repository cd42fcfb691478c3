/// Lets so many callers at a time do something; others wait in the order in which they came.
actor Turns {
    /// Turns that nobody has.
    ///
    /// Owned by the actor.
    private var freeCount: Int
    /// Who waits for a turn, first come first.
    ///
    /// Owned by the actor.
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(countMax: Int) {
        precondition(countMax > 0, "without a turn nobody comes on")
        freeCount = countMax
    }

    /// Performs `body` when there is a turn for it.
    nonisolated func perform<Result: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        await take()
        do throws(Failure) {
            let result = try await body()
            await release()
            return result
        } catch {
            await release()
            throw error
        }
    }

    private func take() async {
        if freeCount > 0 {
            freeCount -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func release() {
        if waiting.isEmpty {
            freeCount += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
