import EventLog
import Glibc
import LMDB
import Transparency

/// Proofs, checkpoints and tiles of a large log.
enum ProofBenchmark {
    private static let commandEventCount = 1000
    private static let payloadByteCount = 100
    private static let proofCount = 20_000

    /// Makes the logs in `directory`, or takes those that are there, and measures them.
    static func run(in directory: String, eventCounts: [Int]) async throws {
        Output.line("| what | median µs | 99 % µs | wanted | |\n|---|---|---|---|---|")
        for count in eventCounts {
            let path = "\(directory)/proofs-\(count)"
            if try StoreDirectory(path).kind() == .missing { try await make(path, count) }
            try await measure(path, count)
        }
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
    }

    private static func make(_ path: String, _ count: Int) async throws {
        let log = try EventLog.create(at: path)
        let payload = [UInt8](repeating: 7, count: payloadByteCount)
        for command in 0..<count / commandEventCount {
            let submission = Submission<Never>(
                commandID: CommandID(unchecked: "fill:\(command)"),
                contentHash: .sha256([])
            ) { (scope) throws(EventLogError) in
                for number in 0..<commandEventCount {
                    try scope.append(
                        NewEvent(
                            type: 12,
                            project: "shop",
                            subject: "stage/s\(number)",
                            actor: EventActor(name: "release-manager", assurance: .oidc),
                            payload: payload
                        )
                    )
                }
                return .append
            }
            _ = try await log.submit(submission)
        }
        _ = try await CheckpointSigner(log).makeKey(origin: "example.com/bench")
        await log.close()
    }

    private static func measure(_ path: String, _ count: Int) async throws {
        var opened: [Duration] = []
        for _ in 0..<20 {
            opened.append(
                try ContinuousClock().measure { _ = try EventLog.open(at: path, access: .read) }
            )
        }
        print("opening, \(count) events", opened, 20_000)
        let log = try EventLog.open(at: path)
        let size = UInt64(count)
        // The first pass maps the pages.
        for isMeasured in [false, true] {
            var generator = SplitMix(seed: 9)
            let inclusions = try durations(log) { (snapshot) throws(EventLogError) in
                let index = UInt64.random(in: 0..<size, using: &generator)
                return try MerkleProof.inclusion(of: index, in: size, snapshot.hashes)
            }
            let growths = try durations(log) { (snapshot) throws(EventLogError) in
                let end = UInt64.random(in: 1...size, using: &generator)
                let old = UInt64.random(in: 0...end, using: &generator)
                return try MerkleProof.consistency(from: old, to: end, snapshot.hashes)
            }
            let older = try durations(log) { (snapshot) throws(EventLogError) in
                let end = UInt64.random(in: 1...size, using: &generator)
                let index = UInt64.random(in: 0..<end, using: &generator)
                return try MerkleProof.inclusion(of: index, in: end, snapshot.hashes)
            }
            guard isMeasured else { continue }
            print("proof of an event, \(count) events", inclusions, 60)
            print("proof of an event at a random earlier size", older, 60)
            print("proof of growth between random sizes", growths, 60)
        }
        try measurePast(log, count)
        let note = try await CheckpointSigner(log).sign()
        let files = try log.read { (snapshot) throws(TransparencyError) in
            try (0..<2000).map { (number) throws(TransparencyError) in
                let position = Position(rawValue: UInt64(number) * size / 2000 + 1)
                let clock = ContinuousClock()
                let began = clock.now
                _ = try EventProof(of: position, in: note, snapshot).encoded
                return clock.now - began
            }
        }
        print("tlog-proof with signature check, \(count) events", files, nil)
        try publish(log, note, "\(path)-tiles", count)
        await log.close()
    }

    /// What was so at a random time: the position, the root, and the event at the end.
    private static func measurePast(_ log: EventLog, _ count: Int) throws {
        let (first, last) = try log.read { (snapshot) throws(EventLogError) in
            (try snapshot.header(at: Position(rawValue: 1)).recorded, snapshot.head.recorded)
        }
        for isMeasured in [false, true] {
            var generator = SplitMix(seed: 10)
            let moments = try durations(log) { (snapshot) throws(EventLogError) in
                let time = Int64.random(in: first.rawValue...last.rawValue, using: &generator)
                let position = try snapshot.position(atOrBefore: Timestamp(rawValue: time))
                return [try snapshot.root(at: position)]
            }
            let events = try durations(log) { (snapshot) throws(EventLogError) in
                let number = UInt64.random(in: 1...UInt64(count), using: &generator)
                return [try snapshot.event(at: Position(rawValue: number)).header.payloadHash]
            }
            guard isMeasured else { continue }
            print("position and root as of a random time, \(count) events", moments, nil)
            print("an event at a random position, \(count) events", events, nil)
        }
    }

    private static func publish(
        _ log: EventLog,
        _ note: SignedNote,
        _ folder: String,
        _ count: Int
    ) throws {
        let clock = ContinuousClock()
        let began = clock.now
        let result = try TilePublisher(log, to: folder).publish(note, isComplete: true)
        let seconds = (clock.now - began) / .seconds(1)
        Output.line(
            "| tiles of \(count) events, \(result.fileCount) files | "
                + "\(Int(seconds * 1000)) ms in all, \(Int(Double(count) / seconds)) events/s "
                + "| | | |"
        )
        Memory.sample()
    }

    private static func durations(
        _ log: EventLog,
        _ body: (LogSnapshot) throws(EventLogError) -> [Digest]
    ) throws -> [Duration] {
        try log.read { (snapshot) throws(EventLogError) in
            let clock = ContinuousClock()
            var durations: [Duration] = []
            durations.reserveCapacity(proofCount)
            for _ in 0..<proofCount {
                let began = clock.now
                let proof = try body(snapshot)
                durations.append(clock.now - began)
                precondition(proof.count < 64, "no tree is that high")
            }
            return durations
        }
    }

    private static func print(_ name: String, _ durations: [Duration], _ wanted: Double?) {
        let sorted = durations.sorted().map { $0 / .microseconds(1) }
        let median = sorted[sorted.count / 2]
        let high = sorted[sorted.count * 99 / 100]
        func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
        let verdict = wanted.map { median < $0 ? "reached" : "missed" } ?? ""
        Output.line(
            "| \(name) | \(text(median)) | \(text(high)) | \(wanted.map(text) ?? "") | \(verdict) |"
        )
    }
}
