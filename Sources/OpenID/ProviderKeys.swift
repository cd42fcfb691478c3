import EventLog

/// The keys of a provider, fetched when they are needed, and kept for as long as they hold.
///
/// Whoever sends tokens with names of keys that there are not has the provider asked once in half
/// a minute, not more. While the provider does not answer, its last keys hold for a day.
actor ProviderKeys {
    /// Asks the provider.
    typealias Download = @Sendable () async throws(ProviderFailure) -> KeySet

    private let download: Download
    private let warn: @Sendable (String) -> Void
    /// The keys of the last answer, and when it was asked for.
    private var held: (keys: KeySet, askedAt: Timestamp)?
    /// When the provider was asked last, whatever came of it.
    private var askedAt: Timestamp?
    /// Who asks it now; all that need keys meanwhile wait for the same answer.
    private var asking: Task<Void, Never>?

    /// For how long keys hold while the provider does not answer: a day after it was asked.
    private static let patience: Int64 = 24 * 3_600_000
    /// Before it is asked again for keys that it did not have, or to have newer ones.
    private static let pause: Int64 = 30_000
    /// Before it is asked again where there is not one answer.
    private static let firstPause: Int64 = 5_000

    /// No keys, before somebody needs one.
    init(download: @escaping Download, warn: @escaping @Sendable (String) -> Void) {
        self.download = download
        self.warn = warn
    }

    /// The keys that may have signed a token with such a header.
    ///
    /// - Throws: `.unknownKey` if the provider has none; `.providerSilent` if nobody knows.
    func keys(
        _ id: String?,
        _ algorithm: SigningAlgorithm,
        at now: Timestamp
    ) async throws(TokenRefusal) -> [ProviderKey] {
        if !isFresh(at: now) { await ask(at: now) }
        var found = try usable(at: now).keys(id, algorithm)
        if found.isEmpty {
            await ask(at: now)
            found = try usable(at: now).keys(id, algorithm)
        }
        guard !found.isEmpty else { throw .unknownKey }
        return found
    }

    private func isFresh(at now: Timestamp) -> Bool {
        held.map { Self.lies(now, within: $0.keys.lifetime, after: $0.askedAt) } ?? false
    }

    private func usable(at now: Timestamp) throws(TokenRefusal) -> KeySet {
        guard let held, Self.lies(now, within: Self.patience, after: held.askedAt) else {
            throw .providerSilent
        }
        return held.keys
    }

    /// Whether a time is not long after another; one that lies before it (the clock was set back)
    /// is not.
    private static func lies(
        _ now: Timestamp,
        within milliseconds: Int64,
        after before: Timestamp
    ) -> Bool {
        (0..<milliseconds).contains(now.milliseconds(since: before))
    }

    /// Asks the provider, unless that was done a moment ago, and waits for what comes of it.
    private func ask(at now: Timestamp) async {
        if asking == nil {
            let pause = held == nil ? Self.firstPause : Self.pause
            if let askedAt, Self.lies(now, within: pause, after: askedAt) { return }
            askedAt = now
            // Goes on although whoever asked first is gone: others wait for it too.
            asking = Task { await self.take(at: now) }
        }
        await asking?.value
    }

    private func take(at now: Timestamp) async {
        do throws(ProviderFailure) {
            held = (try await download(), now)
        } catch {
            warn("keys of the identity provider cannot be had: \(error.reason)")
        }
        asking = nil
    }
}

/// Why a provider's keys cannot be had.
struct ProviderFailure: Error {
    /// For the log of the server, in a few words.
    let reason: String
}
