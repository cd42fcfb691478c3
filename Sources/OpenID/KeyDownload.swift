import AsyncHTTPClient
import Expressions
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks a provider for its keys (OpenID Connect Discovery 1.0, 4).
struct KeyDownload: Sendable {
    let provider: IdentityProvider

    /// Nothing that a provider says is longer.
    private static let byteCountMax = 1 << 20
    /// How long it may take to say it: somebody waits to be let in.
    private static let patience = TimeAmount.seconds(5)

    /// The keys that the provider has now.
    func keys() async throws(ProviderFailure) -> KeySet {
        // One for each download: they are rare, and each reads the authorities' file anew.
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: try configuration()
        )
        let result: Result<KeySet, ProviderFailure>
        do throws(ProviderFailure) {
            result = .success(try await keys(client))
        } catch {
            result = .failure(error)
        }
        do {
            try await client.shutdown()
        } catch {
            throw ProviderFailure(reason: "\(error)")
        }
        return try result.get()
    }

    private func configuration() throws(ProviderFailure) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        // Keys come from where somebody said, and from nowhere else.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: Self.patience)
        if let file = provider.authorities {
            var security = TLSConfiguration.makeClientConfiguration()
            security.trustRoots = .file(file)
            configuration.tlsConfiguration = security
        }
        return configuration
    }

    private func keys(_ client: HTTPClient) async throws(ProviderFailure) -> KeySet {
        let url: String
        if let said = provider.keysURL {
            url = said
        } else {
            url = try await discoveredURL(client)
        }
        let (value, cacheControl) = try await answer(client, url)
        guard let keys = KeySet(value, cacheControl: cacheControl) else {
            throw ProviderFailure(reason: "\(url) has no JWK Set of at most 100 keys")
        }
        return keys
    }

    /// Where the provider's configuration says that its keys are.
    private func discoveredURL(_ client: HTTPClient) async throws(ProviderFailure) -> String {
        let base =
            provider.issuer.hasSuffix("/")
            ? String(provider.issuer.dropLast()) : provider.issuer
        let place = base + "/.well-known/openid-configuration"
        let (value, _) = try await answer(client, place)
        guard value["issuer"]?.stringValue == provider.issuer else {
            throw ProviderFailure(reason: "\(place) is of another issuer; mend --oidc-issuer")
        }
        guard let url = value["jwks_uri"]?.stringValue, ProviderURL.isSafe(url) else {
            throw ProviderFailure(reason: "\(place) names no jwks_uri with https")
        }
        return url
    }

    private func answer(
        _ client: HTTPClient,
        _ url: String
    ) async throws(ProviderFailure) -> (Value, cacheControl: String?) {
        do {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "Accept", value: "application/json")
            request.headers.add(name: "User-Agent", value: "waybill")
            let response = try await client.execute(request, timeout: Self.patience)
            guard response.status == .ok else {
                throw ProviderFailure(reason: "\(url) answers \(response.status.code)")
            }
            let body = try await response.body.collect(upTo: Self.byteCountMax)
            let value = try Value(json: String(buffer: body))
            return (value, response.headers.first(name: "Cache-Control"))
        } catch let failure as ProviderFailure {
            throw failure
        } catch {
            throw ProviderFailure(reason: "\(url): \(Self.reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) }
                ?? "the host \(error.host) has no address"
        case let error as IOError: error.description
        case let error as HTTPClientError: error.shortDescription
        default: "\(error)"
        }
    }
}
