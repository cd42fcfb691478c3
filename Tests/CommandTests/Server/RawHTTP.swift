import Glibc

/// HTTP/1.1 over a socket, byte by byte, so that a test can say what no library would.
struct RawHTTP: Sendable {
    let port: UInt16

    /// An answer.
    struct Answer: Sendable {
        let status: Int
        /// Header fields by their names in lower case.
        let headers: [String: String]
        /// The body as it came.
        let bytes: [UInt8]

        /// The body as text.
        var body: String { String(decoding: bytes, as: UTF8.self) }

        /// The body as JSON.
        var json: JSON { get throws { try JSON(parsing: body) } }
    }

    /// Sends a request, and waits for its answer, for at most 30 seconds.
    func send(
        _ method: String,
        _ path: String,
        token: String? = nil,
        headers: [String: String] = [:],
        body: String = ""
    ) throws -> Answer {
        var fields = headers
        if fields["Host"] == nil { fields["Host"] = "127.0.0.1:\(port)" }
        if let token { fields["Authorization"] = "Bearer \(token)" }
        if !body.isEmpty { fields["Content-Length"] = "\(body.utf8.count)" }
        fields["Connection"] = "close"
        let head = fields.map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
        return try exchange("\(method) \(path) HTTP/1.1\r\n\(head)\r\n\(body)")
    }

    /// Sends these bytes, and reads until the server closes the connection or the answer is
    /// complete.
    func exchange(_ text: String) throws -> Answer {
        let socket = try connected()
        defer { close(socket) }
        try write(text, to: socket)
        var bytes: [UInt8] = []
        while let more = read(socket) {
            bytes += more
            if let answer = Self.parsed(bytes, isWhole: false) { return answer }
        }
        guard let answer = Self.parsed(bytes, isWhole: true) else {
            throw TestFailure(
                "no HTTP answer: \(String(decoding: bytes.prefix(500), as: UTF8.self))"
            )
        }
        return answer
    }

    /// A connection to the server.
    func connected() throws -> CInt {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard socket >= 0 else { throw TestFailure("no socket: \(errno)") }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, length)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(socket)
            throw TestFailure("port \(port) cannot be connected to: \(errno)")
        }
        return socket
    }

    /// Writes text.
    func write(_ text: String, to socket: CInt) throws {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            // Whoever has heard enough answers, and reads no more.
            guard count > 0 else { return }
            start += count
        }
    }

    /// What comes next; nil at the end, or when nothing comes for long.
    func read(_ socket: CInt) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(socket, $0.baseAddress, $0.count, 0)
        }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func parsed(_ bytes: [UInt8], isWhole: Bool) -> Answer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        let body = Array(bytes[end.upperBound...])
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            guard body.count >= length else { return nil }
        } else if !isWhole {
            return nil
        }
        return Answer(status: status, headers: headers, bytes: body)
    }
}
