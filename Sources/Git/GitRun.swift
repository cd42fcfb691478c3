private import Glibc
import Secrets
import Subprocess

/// One run of the `git` program.
struct GitRun: Sendable {
    /// What errors call it.
    let operation: String
    let arguments: [String]
    let environment: [String: String]
    let input: [UInt8]
    let limits: GitLimits
    /// Hides in what it says how the repository was entered.
    let mask: SecretMask

    /// Runs it and keeps what it writes.
    func collected() async -> Result<GitResult, GitError> {
        await attempt {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: Arguments(arguments),
                environment: .custom(variables),
                platformOptions: platform,
                input: .inputWriter,
                output: .bytes(limit: limits.outputByteCountMax),
                error: .bytes(limit: limits.errorByteCountMax)
            ) { execution in
                await write(to: execution.standardInputWriter)
            }
            return .success(
                GitResult(
                    operation: operation,
                    status: Self.status(of: result.terminationStatus),
                    output: String(decoding: result.standardOutput, as: UTF8.self),
                    errorOutput: masked(result.standardError)
                )
            )
        }
    }

    /// Runs it and hands over what it writes, record by record.
    func streamed<State: Sendable>(
        separatedBy separator: UInt8,
        from initial: State,
        _ take: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Bool
    ) async -> Result<State, GitError> {
        await attempt {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: Arguments(arguments),
                environment: .custom(variables),
                platformOptions: platform,
                input: .inputWriter,
                output: .sequence,
                error: .bytes(limit: limits.errorByteCountMax)
            ) { execution in
                async let written: Void = write(to: execution.standardInputWriter)
                var state = initial
                var cutter = RecordCutter(separator, byteCountMax: limits.recordByteCountMax)
                var wantsMore = true
                for try await buffer in execution.standardOutput {
                    unsafe buffer.withUnsafeBytes { unsafe cutter.append($0) }
                    wantsMore = cutter.takeRecords { take(&state, $0) }
                    if !wantsMore { break }
                }
                if wantsMore {
                    wantsMore = cutter.takeRest { take(&state, $0) }
                } else {
                    // It may be writing for a long time still, or waiting for its input.
                    await execution.teardown(using: platform.teardownSequence)
                }
                await written
                return (state: state, isEnded: !wantsMore)
            }
            let status = Self.status(of: result.terminationStatus)
            guard result.closureResult.isEnded || status == 0 else {
                let failed = GitResult(
                    operation: operation,
                    status: status,
                    output: "",
                    errorOutput: masked(result.standardError)
                )
                return .failure(failed.failure)
            }
            return .success(result.closureResult.state)
        }
    }

    private func masked(_ bytes: [UInt8]) -> String {
        mask.masking(String(decoding: bytes, as: UTF8.self))
    }

    /// Gives the program its input; what it does not want to read is not given.
    private func write(to writer: StandardInputWriter) async {
        if !input.isEmpty {
            _ = Self.brokenPipesAreErrors
            // A program that ended early tells why by its exit status.
            _ = try? await writer.write(input)
        }
        try? await writer.finish()
    }

    private func attempt<Value>(
        _ body: () async throws -> Result<Value, GitError>
    ) async -> Result<Value, GitError> {
        do {
            return try await body()
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return .failure(
                .wroteTooMuch(operation: operation, byteCountMax: limits.outputByteCountMax)
            )
        } catch let error as SubprocessError where Self.startErrors.contains(error.code) {
            return .failure(.cannotStart(reason: String(describing: error)))
        } catch {
            return .failure(.lost(operation: operation, reason: String(describing: error)))
        }
    }

    private static let startErrors: Set<SubprocessError.Code> = [
        .spawnFailed, .executableNotFound, .failedToChangeWorkingDirectory,
    ]

    private static func status(of status: TerminationStatus) -> Int {
        switch status {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }

    private var variables: [Environment.Key: String] {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }

    private var platform: PlatformOptions {
        var platform = PlatformOptions()
        // A session of its own, so that ending it ends the transport programs too.
        platform.createSession = true
        platform.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        return platform
    }

    /// Done once: a write to a program that has ended must fail, not end this process.
    private static let brokenPipesAreErrors: Void = {
        _ = signal(SIGPIPE, SIG_IGN)
    }()
}

/// Cuts a stream of bytes into records.
private struct RecordCutter {
    private let separator: UInt8
    private let byteCountMax: Int
    /// What came and was not handed over; the records in it begin at `start`.
    private var bytes: [UInt8] = []
    private var start = 0

    init(_ separator: UInt8, byteCountMax: Int) {
        self.separator = separator
        self.byteCountMax = byteCountMax
    }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        bytes.removeSubrange(..<start)
        start = 0
        unsafe bytes.append(contentsOf: more)
    }

    /// Hands over every whole record, until one is not wanted; whether more are.
    mutating func takeRecords(_ take: (ArraySlice<UInt8>) -> Bool) -> Bool {
        while let end = bytes[start...].firstIndex(of: separator) {
            let record = bytes[start..<end]
            start = end + 1
            if !take(record.prefix(byteCountMax)) { return false }
        }
        // Of a record without end the beginning is enough.
        if bytes.count - start > byteCountMax {
            bytes.removeSubrange((start + byteCountMax)...)
        }
        return true
    }

    /// Hands over what no separator ended; whether more is wanted.
    mutating func takeRest(_ take: (ArraySlice<UInt8>) -> Bool) -> Bool {
        start < bytes.count ? take(bytes[start...]) : true
    }
}
