import Expressions

/// The keys of a provider, as they were when it was asked.
struct KeySet: Sendable {
    private let keys: [ProviderKey]
    /// How long they hold without asking again, in milliseconds.
    let lifetime: Int64

    /// No set has more: none of the providers has more than a few.
    private static let countMax = 100
    /// How long keys hold if the provider says nothing: ten minutes.
    private static let standardLifetime: Int64 = 600_000
    /// Whatever it says: a minute at least, so that it is not asked with every request, an hour at
    /// most, so that a key that it takes back is not taken much longer.
    private static let lifetimes: ClosedRange<Int64> = 60_000...3_600_000

    /// The keys of a JWK Set (RFC 7517, 5), with what its answer said in `Cache-Control`; nil if
    /// it is none.
    init?(_ value: Value, cacheControl: String?) {
        guard let items = value["keys"]?.arrayValue, items.count <= Self.countMax else {
            return nil
        }
        keys = items.compactMap(ProviderKey.init)
        lifetime = Self.lifetime(cacheControl ?? "")
    }

    /// The keys that may have signed a token with this header.
    func keys(_ id: String?, _ algorithm: SigningAlgorithm) -> [ProviderKey] {
        keys.filter { $0.suits(algorithm) && (id == nil || $0.id == id) }
    }

    private static func lifetime(_ cacheControl: String) -> Int64 {
        var lifetime = standardLifetime
        for part in cacheControl.lowercased().split(separator: ",") {
            let word = part.filter { $0 != " " && $0 != "\"" }
            if word == "no-store" || word == "no-cache" { lifetime = 0 }
            guard word.hasPrefix("max-age="), let seconds = Int64(word.dropFirst(8)) else {
                continue
            }
            lifetime = min(lifetime == 0 ? 0 : .max, min(seconds, 1_000_000) * 1000)
        }
        return min(max(lifetime, lifetimes.lowerBound), lifetimes.upperBound)
    }
}
