import EventLog

/// Reads what `git log -z --name-status` writes in ``format``, or `git log -z` alone.
///
/// A commit is one record of fields. Behind it come two records for each path that it changes: one
/// letter, the first of them behind a line break, and the path. Between commits there may be an
/// empty record.
struct CommitLogReader: Sendable {
    /// What git is asked for about each commit; a commit's own text comes last.
    static let format = ["%H", "%ct", "%an <%ae>", "%cn <%ce>", "%s"].joined(separator: "%x01")

    private(set) var collector: CommitCollector
    /// The fields of the commit whose paths are being read; empty before the first one.
    private var header: [UInt8] = []
    private var isHit = false
    private var isBehindLetter = false

    init(_ selection: CommitSelection) { collector = CommitCollector(selection) }

    /// Takes the next record; whether more are wanted.
    mutating func take(_ record: ArraySlice<UInt8>) -> Bool {
        if isBehindLetter {
            isBehindLetter = false
            if !isHit { isHit = collector.isHit(String(decoding: record, as: UTF8.self)) }
        } else if record.count <= 2 {
            // No record of fields is as short: it begins with an id.
            isBehindLetter = !record.isEmpty
        } else {
            finishCommit()
            header.append(contentsOf: record)
        }
        return collector.wantsMore
    }

    /// Takes the end of the log.
    mutating func finish() { finishCommit() }

    private mutating func finishCommit() {
        if !header.isEmpty {
            let header = header
            collector.take(touches: isHit) { Self.details(header[...]) }
        }
        header.removeAll(keepingCapacity: true)
        isHit = false
    }

    /// The commit that the fields of a record tell of; nil where they do not.
    static func details(_ record: ArraySlice<UInt8>) -> CommitDetails? {
        let fields = record.split(
            separator: 0x01,
            maxSplits: 4,
            omittingEmptySubsequences: false
        )
        guard fields.count == 5, let time = GitText.time(fields[1]) else { return nil }
        var commit = CommitDetails()
        commit.id = String(decoding: fields[0], as: UTF8.self)
        commit.committed = time
        commit.author = String(decoding: fields[2], as: UTF8.self)
        commit.committer = String(decoding: fields[3], as: UTF8.self)
        commit.subject = String(decoding: fields[4], as: UTF8.self)
        return commit
    }
}

/// Reads fields of git's output.
enum GitText {
    /// Seconds since 1970 in decimal digits.
    ///
    /// Whoever makes a commit chooses its time, so it may have any number of digits: what lies
    /// beyond the year 9999 is its end.
    static func time(_ digits: some Sequence<UInt8>) -> Timestamp? {
        var seconds: Int64 = 0
        var count = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            seconds = min(seconds * 10 + Int64(digit - 0x30), 253_402_300_799)
            count += 1
        }
        return count > 0 ? Timestamp(rawValue: seconds * 1_000) : nil
    }
}
