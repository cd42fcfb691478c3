import Foundation
import Glibc
import Synchronization

/// An identity provider on this machine: its configuration and its keys, by HTTP.
///
/// It counts who asks, answers what the test says, and can be silent.
final class KeyServer: Sendable {
    private struct State {
        var keys: [TestKey] = []
        var keysText: String?
        var cacheControl: String?
        var status = 200
        var issuer: String?
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let listener: CInt
    let port: UInt16

    /// A provider with these keys.
    init(_ keys: [TestKey] = [], cacheControl: String? = nil) throws {
        let socket = try LoopbackListener()
        (listener, port) = (socket.descriptor, socket.port)
        state.withLock { state in
            state.keys = keys
            state.cacheControl = cacheControl
        }
        Thread.detachNewThread { [self] in serve() }
    }

    /// What its tokens have in `iss`, unless a test says something else.
    var issuer: String { "http://127.0.0.1:\(port)/realm" }

    /// Ends it; nobody can connect any more.
    func stop() {
        _ = shutdown(listener, CInt(SHUT_RDWR))
    }

    /// Has other keys from now on.
    func rotate(to keys: [TestKey]) { state.withLock { $0.keys = keys } }
    /// Says this in the place of its keys.
    func say(_ text: String?) { state.withLock { $0.keysText = text } }
    /// Answers with this status from now on.
    func answer(_ status: Int) { state.withLock { $0.status = status } }
    /// Says that it is somebody else.
    func pose(as issuer: String) { state.withLock { $0.issuer = issuer } }
    /// How often keys were asked for.
    var keyCount: Int { state.withLock { $0.counts["/keys"] ?? 0 } }

    private func serve() {
        // Closed by who uses it: its number may be another server's a moment later.
        defer { close(listener) }
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { return }
            var text = ""
            var buffer = [UInt8](repeating: 0, count: 1 << 14)
            while !text.contains("\r\n\r\n") {
                let count = unsafe recv(client, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                text += String(decoding: buffer[..<count], as: UTF8.self)
            }
            let path = text.split(separator: " ").dropFirst().first.map { String($0) } ?? ""
            let answer = Array(answer(to: path).utf8)
            _ = unsafe answer.withUnsafeBytes {
                unsafe send(client, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            close(client)
        }
    }

    private func answer(to path: String) -> String {
        state.withLock { state in
            state.counts[path, default: 0] += 1
            let body: String
            switch path {
            case "/keys":
                let keys = state.keys.map(\.jwk).joined(separator: ", ")
                body = state.keysText ?? #"{"keys": [\#(keys)]}"#
            case "/realm/.well-known/openid-configuration":
                body = """
                    {"issuer": "\(state.issuer ?? issuer)", \
                    "jwks_uri": "http://127.0.0.1:\(port)/keys"}
                    """
            default: body = "nothing"
            }
            let cache = state.cacheControl.map { "Cache-Control: \($0)\r\n" } ?? ""
            return "HTTP/1.1 \(body == "nothing" ? 404 : state.status) x\r\n\(cache)"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
    }
}
