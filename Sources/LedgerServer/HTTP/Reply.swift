import EventLog
import Expressions
import HTTPTypes
import Hummingbird
import NIOCore

/// What a request is answered with.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var headers = HTTPFields()
    var body: Body

    /// The bytes that are sent.
    enum Body: Sendable {
        case bytes(ByteBuffer)
        /// Written piece by piece, as they come about; how many there are, if that is known.
        case stream(
            byteCount: Int? = nil,
            @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void
        )
    }

    init(_ status: HTTPResponse.Status, _ text: String, type: String) {
        self.status = status
        body = .bytes(ByteBuffer(string: text))
        headers[.contentType] = type
    }

    init(_ status: HTTPResponse.Status, _ bytes: ByteBuffer, type: String) {
        self.status = status
        body = .bytes(bytes)
        headers[.contentType] = type
    }

    /// One without a body.
    init(_ status: HTTPResponse.Status) {
        self.status = status
        body = .bytes(ByteBuffer())
    }

    /// A value as JSON.
    static func json(_ value: Value, _ status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status, value.json + "\n", type: "application/json")
    }

    /// How many bytes its body has, if that is known.
    var byteCount: Int {
        switch body {
        case .bytes(let buffer): buffer.readableBytes
        case .stream(let byteCount, _): byteCount ?? 0
        }
    }

    /// For the library, without the body if only the head was asked for.
    func response(headOnly: Bool) -> Response {
        var headers = headers
        // What browsers must not guess, show in frames, keep, or tell others.
        headers[.xContentTypeOptions] = "nosniff"
        if !headers.contains(.referrerPolicy) { headers[.referrerPolicy] = "no-referrer" }
        if !headers.contains(.cacheControl) { headers[.cacheControl] = "no-cache" }
        if !headers.contains(.contentSecurityPolicy) {
            headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        switch body {
        case .bytes(let buffer):
            let response = Response(
                status: status,
                headers: headers,
                body: ResponseBody(byteBuffer: buffer)
            )
            return headOnly || status == .notModified ? response.createHeadResponse() : response
        case .stream(let byteCount, let write):
            guard !headOnly else { return Response(status: status, headers: headers) }
            let body = ResponseBody(contentLength: byteCount, write)
            return Response(status: status, headers: headers, body: body)
        }
    }
}

extension HTTPField.Name {
    /// Fetch Metadata and what RFC 9110 does not have.
    static let referrerPolicy = unchecked("Referrer-Policy")
    static let idempotencyKey = unchecked("Idempotency-Key")
    static let lastEventID = unchecked("Last-Event-ID")
    static let secFetchSite = unchecked("Sec-Fetch-Site")
    static let secFetchMode = unchecked("Sec-Fetch-Mode")
    static let secFetchDest = unchecked("Sec-Fetch-Dest")

    private static func unchecked(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is a name of a header field")
        }
        return name
    }
}
