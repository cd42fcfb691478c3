import Foundation
import Glibc

/// `waybill serve`, as long as `body` runs.
struct RunningServer: Sendable {
    let place: LedgerDirectory
    let http: RawHTTP
    let token: String
    /// The path that signs a browser in once.
    let signInPath: String
    let program: RunningProgram

    /// Serves a ledger, runs `body`, and stops the server as a user would.
    static func serve(
        _ place: LedgerDirectory,
        _ options: [String] = ["--no-automation"],
        environment: [String: String] = [:],
        body: @Sendable (RunningServer) async throws -> Void
    ) async throws -> Ending {
        let path = place.path
        let told = path + "/told-\(UUID().uuidString)"
        // What it prints goes to a file, so that it can be read while it runs.
        let words =
            ["-c", "exec \"$0\" \"$@\" >\(told)", Program.waybill, "serve"]
            + ["--listen", "127.0.0.1:0"] + options
        return try await Program.run("sh", words, in: path, environment: environment) { program in
            do {
                try await body(try await started(place, program, told))
            } catch {
                program.send(SIGTERM)
                throw error
            }
            program.send(SIGTERM)
        }
    }

    private static func started(
        _ place: LedgerDirectory,
        _ program: RunningProgram,
        _ told: String
    ) async throws -> RunningServer {
        for _ in 0..<600 {
            let text = (try? String(contentsOfFile: told, encoding: .utf8)) ?? ""
            if let match = text.firstMatch(
                of: /Sign in once with http:\/\/127\.0\.0\.1:(\d+)(\S+)/
            ),
                let port = UInt16(match.1)
            {
                let token = try String(
                    contentsOfFile: place.path + "/ledger/server.token",
                    encoding: .utf8
                )
                return RunningServer(
                    place: place,
                    http: RawHTTP(port: port),
                    token: token.trimmingCharacters(in: .newlines),
                    signInPath: String(match.2),
                    program: program
                )
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("the server did not start; it said: \(told)")
    }

    /// Asks as the operator.
    func get(_ path: String, headers: [String: String] = [:]) throws -> RawHTTP.Answer {
        try http.send("GET", path, token: token, headers: headers)
    }

    /// Asks for a change as the operator.
    func post(
        _ path: String,
        _ body: String,
        headers: [String: String] = [:]
    ) throws -> RawHTTP.Answer {
        var headers = headers
        if headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return try http.send("POST", path, token: token, headers: headers, body: body)
    }
}
