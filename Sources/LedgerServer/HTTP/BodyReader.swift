import EventLog
import Expressions
import Hummingbird
import NIOCore

/// Reads the bodies of requests, within limits of size and time.
enum BodyReader {
    /// All of a body.
    ///
    /// - Throws: a problem that closes the connection, because nobody reads the rest.
    static func bytes(
        of request: Request,
        byteCountMax: Int,
        patience: Duration
    ) async throws -> [UInt8] {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, length > byteCountMax { throw tooLarge(byteCountMax) }
        let body = request.body
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await buffer in body {
                    guard bytes.count + buffer.readableBytes <= byteCountMax else {
                        throw tooLarge(byteCountMax)
                    }
                    bytes.append(contentsOf: buffer.readableBytesView)
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() ?? nil else {
                var problem = Problem(
                    .requestTimeout,
                    "bodyTooSlow",
                    "the body did not come within \(patience.components.seconds) seconds; send "
                        + "it faster"
                )
                problem.closesConnection = true
                throw problem
            }
            return bytes
        }
    }

    /// The members of a body that is a JSON object; none where there is no body.
    static func object(of bytes: [UInt8]) throws -> [String: Value] {
        guard !bytes.isEmpty else { return [:] }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw malformed("the body is not UTF-8; send it as UTF-8")
        }
        let value: Value
        do throws(ExpressionError) {
            value = try Value(json: text, repeatsKeys: false)
        } catch {
            throw malformed("the body is no JSON: \(error)")
        }
        guard case .object(let members) = value else {
            throw malformed("the body is no JSON object; send {\"name\": value}")
        }
        return members
    }

    private static func malformed(_ sentence: String) -> Problem {
        Problem(.badRequest, "malformedBody", sentence)
    }

    private static func tooLarge(_ byteCountMax: Int) -> Problem {
        var problem = Problem(
            .contentTooLarge,
            "bodyTooLarge",
            "the body has more than \(byteCountMax) bytes; send less"
        )
        problem.closesConnection = true
        return problem
    }
}
