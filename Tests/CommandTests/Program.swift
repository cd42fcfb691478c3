import Foundation
import Glibc
import Subprocess

/// How a run of a program ended, and what it said.
struct Ending: Sendable {
    /// The exit code; 128 and the number of the signal that ended it.
    let code: Int
    let output: String
    let errors: String
    /// What was run, for messages.
    let command: String

    /// Its output as JSON.
    var json: JSON { get throws { try JSON(parsing: output) } }
    /// Its errors as JSON.
    var errorJSON: JSON { get throws { try JSON(parsing: errors) } }

    /// This, if it ended with 0.
    func checked() throws -> Ending {
        guard code == 0 else { throw TestFailure("\(command) ended with \(code): \(errors)") }
        return self
    }
}

/// Why a test could not even be set up.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Programs, run as a user runs them.
enum Program {
    /// The built `waybill`, which lies next to the tests.
    static let waybill: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = (tests ?? "") as NSString
        return folder.deletingLastPathComponent + "/waybill"
    }()

    /// Where it lies.
    static let folder = (waybill as NSString).deletingLastPathComponent

    /// The top of the source tree.
    static let root: String = {
        // Tests/CommandTests/Program.swift: three up.
        (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
    }()

    /// Only so many at once: more would wait for each other's locks and processors.
    private static let turnstile = Turnstile(count: 6)

    /// Runs a program in a directory and waits for its end.
    static func run(
        _ program: String,
        _ arguments: [String] = [],
        in directory: String,
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await run(
            program,
            bytes: arguments.map { Array($0.utf8) },
            in: directory,
            input: input,
            environment: environment
        )
    }

    /// Runs a program with arguments that need not be text.
    static func run(
        _ program: String,
        bytes arguments: [[UInt8]],
        in directory: String,
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await turnstile.pass {
            func typed(_ words: ServedCommands.Words) async throws -> Ending {
                try await start(
                    program,
                    words.arguments,
                    in: directory,
                    input: input,
                    environment: words.environment
                ) { _ in }
            }
            if program == waybill {
                let served = try await ServedCommands.ending(
                    of: arguments,
                    environment,
                    in: directory,
                    typed
                )
                ServedCount.add(arguments, isServed: served != nil)
                if let served { return served }
            }
            return try await start(
                program,
                arguments,
                in: directory,
                input: input,
                environment: environment
            ) { _ in }
        }
    }

    /// Runs a program, and `body` at the same time.
    ///
    /// Not counted at the turnstile: `body` mostly runs other programs meanwhile.
    static func run(
        _ program: String,
        _ arguments: [String],
        in directory: String,
        input: [UInt8] = [],
        environment: [String: String] = [:],
        meanwhile body: (RunningProgram) async throws -> Void
    ) async throws -> Ending {
        try await start(
            program,
            arguments.map { Array($0.utf8) },
            in: directory,
            input: input,
            environment: environment,
            meanwhile: body
        )
    }

    private static func start(
        _ program: String,
        _ arguments: [[UInt8]],
        in directory: String,
        input: [UInt8],
        environment: [String: String],
        meanwhile body: (RunningProgram) async throws -> Void
    ) async throws -> Ending {
        // Input comes from a file: a program that ends before it has read a pipe breaks it.
        let folder = input.isEmpty ? nil : try TemporaryDirectory()
        if let folder { try Files.write(input, to: folder.sub("input")) }
        let result = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(
                words(program, arguments, in: directory, input: folder?.sub("input"))
            ),
            environment: .custom(variables(environment, home: directory)),
            input: .none,
            output: .bytes(limit: 64 << 20),
            error: .bytes(limit: 16 << 20)
        ) { execution in
            try await body(RunningProgram(id: execution.processIdentifier.value))
        }
        let words = arguments.map { String(decoding: $0.prefix(80), as: UTF8.self) }
        return Ending(
            code: code(result.terminationStatus),
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self),
            command: ([(program as NSString).lastPathComponent] + words).joined(separator: " ")
        )
    }

    /// `env` goes into the directory and becomes the program, so the process is the program's own;
    /// so does the shell that opens its input.
    private static func words(
        _ program: String,
        _ arguments: [[UInt8]],
        in directory: String,
        input: String?
    ) -> [[UInt8]] {
        let opening = input.map { ["sh", "-c", #"exec "$@" <"$0""#, $0] } ?? []
        let words = ["-C", directory] + opening + [program]
        // Subprocess takes bytes as C strings.
        return (words.map { Array($0.utf8) } + arguments).map { $0 + [0] }
    }

    static func code(_ status: TerminationStatus) -> Int {
        switch status {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }

    /// What a program is told of this machine: where programs are, and nothing else.
    static func variables(
        _ additions: [String: String],
        home: String
    ) -> [Environment.Key: String] {
        var names = ["HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC"]
        names["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in names.merging(additions, uniquingKeysWith: { $1 }) {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }
}

/// A program that runs.
struct RunningProgram: Sendable {
    let id: pid_t

    /// Sends it a signal, such as `SIGKILL`.
    func send(_ signal: CInt) {
        _ = kill(id, signal)
    }
}

/// Lets so many in at once; the others wait in the order in which they came.
actor Turnstile {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    nonisolated func pass<Result: Sendable>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
