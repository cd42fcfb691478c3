import Glibc
import Histories

/// Runs random histories for so many minutes, one seed after another, and tells what they came to.
enum HistoryBenchmark {
    /// `parent` should be in memory: each command of a history is a commit of its own.
    static func run(in parent: String, minutes: UInt64, seed: UInt64?) async throws {
        var loop = HistoryLoop { body in
            let path = "\(parent)/histories-\(getpid())"
            defer { remove(path) }
            for folder in [path, path + "/replay"] {
                guard unsafe mkdir(folder, 0o700) == 0 else { throw NoDirectory(path: folder) }
            }
            return try await body(path)
        }
        loop.commandCount = 2000
        loop.tell = { Output.line($0) }
        let first = seed ?? UInt64.random(in: 1...1_000_000_000)
        let deadline = ContinuousClock.now + .seconds(60 * minutes)
        var coverage = Coverage()
        var failureCount = 0
        var next = first
        var told = ContinuousClock.now
        repeat {
            switch try await loop.run(seed: next) {
            case .passed(let counts): coverage.add(counts)
            case .failed(let report):
                failureCount += 1
                Output.line(report)
            }
            next += 1
            if ContinuousClock.now - told > .seconds(60) {
                told = ContinuousClock.now
                Output.line("seeds \(first) to \(next - 1): \(coverage.summary)")
            }
        } while ContinuousClock.now < deadline && failureCount < 5
        Output.line("seeds \(first) to \(next - 1), \(failureCount) failed")
        let unaccepted = coverage.unaccepted.map(\.rawValue)
        Output.line("commands never accepted: \(unaccepted.isEmpty ? ["none"] : unaccepted)")
        Output.line(coverage.report(refusals: []))
        if failureCount > 0 { exit(1) }
    }

    /// A directory could not be made.
    private struct NoDirectory: Error {
        let path: String
    }

    /// Removes a directory with all that is in it.
    private static func remove(_ path: String) {
        guard let directory = unsafe opendir(path) else { return }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(path + "/" + name) }
        }
        unsafe closedir(directory)
        for name in names where unsafe unlink(name) != 0 { remove(name) }
        _ = unsafe rmdir(path)
    }
}
