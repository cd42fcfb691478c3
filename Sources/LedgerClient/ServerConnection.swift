import AsyncHTTPClient
import Expressions
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Requests
import Synchronization

/// Sends requests to a server, and takes what comes back.
struct ServerConnection: Sendable {
    let address: ServerAddress
    private let client: HTTPClient

    /// A connection to a server; it is made when the first request is sent.
    init(_ address: ServerAddress) {
        self.address = address
        var configuration = HTTPClient.Configuration()
        // A token goes to the server that somebody named, and nowhere else.
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(10))
        // Who asks a server that is not there is told so at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let file = address.authorities {
            var security = TLSConfiguration.makeClientConfiguration()
            security.trustRoots = .file(file)
            configuration.tlsConfiguration = security
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration
        )
        Self.clients.withLock { $0.append(client) }
        self.client = client
    }

    /// Clients end with the process: whoever asks a server asks it until then.
    private static let clients = Mutex<[HTTPClient]>([])

    /// A request, before it is sent.
    struct Message {
        var method = HTTPMethod.GET
        /// The path behind `/v1/`, encoded.
        var path: String
        var query: [(name: String, value: String)] = []
        var accepted = "application/json"
        var headers: [(String, String)] = []
        var body: (type: String, bytes: [UInt8])?
    }

    /// A whole answer.
    struct Reply {
        let text: String
        let isJSON: Bool
        /// Of how many things that were asked for the server could not do one.
        let failureCount: Int
    }

    /// The text of a whole answer.
    func send(_ message: Message) async throws -> String { try await reply(message).text }

    /// A whole answer.
    ///
    /// - Throws: what the server says is wrong, or that it cannot be reached.
    func reply(_ message: Message) async throws -> Reply {
        let response = try await begin(message, deadline: .now() + .minutes(10))
        let buffer = try await telling {
            try await response.body.collect(upTo: Self.byteCountMax)
        }
        let type = response.headers.first(name: "Content-Type") ?? ""
        let failures = response.headers.first(name: DiscoveryRequest.failuresField)
        return Reply(
            text: String(buffer: buffer),
            isJSON: type.hasPrefix("application/json"),
            failureCount: failures.flatMap { Int($0) } ?? 0
        )
    }

    /// An answer whose head is there.
    func begin(_ message: Message, deadline: NIODeadline) async throws -> HTTPClientResponse {
        var url = address.base + "/v1/" + message.path
        let query = message.query.map { name, value in
            PercentEncoding.encoded(name) + "=" + PercentEncoding.encoded(value)
        }
        if !query.isEmpty { url += "?" + query.joined(separator: "&") }
        let byteCount = url.utf8.count - address.base.utf8.count
        guard byteCount <= Self.urlByteCountMax else {
            throw CommandFailure.usage(
                "this makes a URL of \(byteCount) bytes, and servers take at most "
                    + "\(Self.urlByteCountMax); shorten it, or ask where the ledger is, with "
                    + "--ledger"
            )
        }
        var request = HTTPClientRequest(url: url)
        request.method = message.method
        request.headers.add(name: "Accept", value: message.accepted)
        request.headers.add(name: "User-Agent", value: "waybill")
        for (name, value) in message.headers { request.headers.add(name: name, value: value) }
        switch address.key {
        case .token(let token?):
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        case .token(nil): break
        case .owner(_, let actor):
            request.headers.add(name: "Host", value: "localhost")
            if let actor {
                let name = PercentEncoding.encoded(actor)
                request.headers.add(name: LedgerSocket.actorField, value: name)
            }
        }
        if let (type, bytes) = message.body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        let asked = request
        let response = try await telling { try await client.execute(asked, deadline: deadline) }
        guard !(200..<300).contains(response.status.code) else { return response }
        let buffer = try await telling { try await response.body.collect(upTo: 16 << 20) }
        throw ServerProblem.failure(
            response.status.code,
            String(buffer: buffer),
            address
        )
    }

    /// A server takes no longer one, from its path on.
    private static let urlByteCountMax = 16_384

    /// No answer is longer.
    private static let byteCountMax = 1 << 30

    /// Runs `body`, whose failures become sentences that name the server.
    func telling<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as CommandFailure {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CommandFailure(
                .failure,
                "serverUnreachable",
                "\(address.title) does not answer: \(Self.reason(error)); look whether waybill "
                    + "serve runs there, or name another server with --server"
            )
        }
    }

    /// Why a server could not be reached, in a few words.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                return "the host \(error.host) has no address"
            }
            return reason(first.error)
        case let error as IOError:
            guard let text = unsafe strerror(error.errnoCode) else { return error.description }
            return unsafe String(cString: text)
        case let error as HTTPClientError: return error.shortDescription
        default: return "\(error)"
        }
    }
}
