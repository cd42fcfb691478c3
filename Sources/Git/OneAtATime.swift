/// Lets one caller at a time do what has the same key; others wait in the order in which they came.
package actor OneAtATime {
    /// Who waits for each key that is held, first come first.
    ///
    /// Owned by the actor.
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    package init() {}

    /// Performs `body` while nobody else holds `key`.
    package nonisolated func perform<Result: Sendable, Failure: Error>(
        _ key: String,
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        await take(key)
        do throws(Failure) {
            let result = try await body()
            await release(key)
            return result
        } catch {
            await release(key)
            throw error
        }
    }

    private func take(_ key: String) async {
        guard waiting[key] != nil else {
            waiting[key] = []
            return
        }
        await withCheckedContinuation { waiting[key, default: []].append($0) }
    }

    private func release(_ key: String) {
        if waiting[key]?.isEmpty ?? true {
            waiting[key] = nil
        } else {
            waiting[key]?.removeFirst().resume()
        }
    }
}
