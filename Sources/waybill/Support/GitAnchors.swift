import ArgumentParser
import EventLog
import Git
import Ledger
import PromotionModel
import PromotionRunner

/// Which repository has commits that name the ledger.
struct GitAnchorOptions: ParsableArguments {
    @Option(
        help: "A git repository: the checkpoints in its commits must be those of the ledger.",
        completion: .directory
    )
    var againstGit: String?

    @Option(help: "The branch or tag whose commits count (default all); may be repeated.")
    var ref: [String] = []

    /// The commits that are to be compared with the ledger; nil if none are.
    func anchors() async throws -> GitAnchors? {
        guard let againstGit else {
            guard ref.isEmpty else {
                throw CommandFailure.usage("--ref is for --against-git; leave it out, or give both")
            }
            return nil
        }
        return GitAnchors(
            try await AnchoringRepository(path: againstGit, refs: ref).commits()
        )
    }
}

/// What came of comparing the ledger with commits.
struct GitAnchorReport {
    /// Commits that do not agree with the ledger.
    var findings: [VerificationFinding] = []
    /// Commits that name this ledger.
    var ownCount = 0
    /// Commits that name other ledgers.
    var otherCount = 0

    /// How many commits agree, as the rest of a sentence.
    var sentence: String {
        let own = ownCount == 1 ? "1 commit names" : "\(ownCount) commits name"
        let other = otherCount == 1 ? "1 names another" : "\(otherCount) name another"
        return "\(own) this ledger as it was" + (otherCount == 0 ? "" : ", \(other)")
    }
}

/// The checkpoints that promotions left in the commits of a repository.
struct GitAnchors {
    private let commits: [AnchoredCommit]

    fileprivate init(_ commits: [AnchoredCommit]) {
        self.commits = commits
    }

    /// What the commits say that is not so, and how many were looked at.
    func report(on session: Session) throws -> GitAnchorReport {
        let id = session.ledger.log.id.text
        return try session.ledger.log.read { (snapshot) throws(EventLogError) in
            var report = GitAnchorReport()
            for commit in commits {
                guard commit.ledger == id else {
                    report.otherCount += 1
                    continue
                }
                report.ownCount += 1
                if let what = try Self.contradiction(commit, snapshot) {
                    let name = "commit \(commit.id.prefix(12)) of \(commit.promotion) \(what)"
                    report.findings.append(
                        VerificationFinding(
                            position: commit.position,
                            table: "git",
                            rule: "commit",
                            what: name
                        )
                    )
                }
            }
            return report
        }
    }

    /// What is wrong with a commit's checkpoint; nil if nothing is.
    private static func contradiction(
        _ commit: AnchoredCommit,
        _ snapshot: LogSnapshot
    ) throws(EventLogError) -> String? {
        guard let position = commit.position, let root = commit.root else {
            return "has a checkpoint that is none"
        }
        guard position <= snapshot.head.position else {
            return "names \(position.rawValue) events, and there are "
                + "\(snapshot.head.position.rawValue)"
        }
        let now = try snapshot.root(at: position)
        return now.hex == root ? nil : "names root \(root), and that of the events is \(now)"
    }

}

/// A repository whose commits name the ledger.
private struct AnchoringRepository {
    let path: String
    let refs: [String]

    /// The commits that carry a checkpoint, newest first.
    func commits() async throws -> [AnchoredCommit] {
        let scratch = try WorkDirectories.makeTemporary("waybill-git-")
        defer { WorkDirectories.remove(scratch) }
        let git = GitProgram(home: scratch, allowFileRepositories: false)
        try await check(git)
        let keys = [
            CommitTrailers.promotionKey, CommitTrailers.ledgerKey, CommitTrailers.checkpointKey,
        ]
        let trailers = keys.map { "%(trailers:key=\($0),valueonly,separator=%x2C)" }
        let format = (["%H"] + trailers).joined(separator: "%x01")
        let which = refs.isEmpty ? ["--all"] : ["--end-of-options"] + refs
        return try await git.records(
            [
                "log", "-z", "--no-color", "--no-show-signature", "--no-notes",
                "--grep=^\(CommitTrailers.checkpointKey): ", "--format=tformat:\(format)",
            ] + which + ["--"],
            in: path,
            separatedBy: 0,
            from: [AnchoredCommit]()
        ) { commits, record in
            if let commit = AnchoredCommit(record) { commits.append(commit) }
            return true
        }
    }

    /// Refuses what is no repository, and names that it does not know.
    private func check(_ git: GitProgram) async throws {
        let place = try await git.run(["rev-parse", "--git-dir"], in: path)
        guard place.status == 0 else {
            throw CommandFailure.notFound(
                "there is no git repository in \(path.quotedForDisplay); name another with "
                    + "--against-git"
            )
        }
        for ref in refs {
            let found = try await git.run(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(ref)^{commit}"],
                in: path
            )
            guard found.status == 0 else {
                throw CommandFailure.notFound(
                    "there is no \(ref.quotedForDisplay) in \(path.quotedForDisplay); name "
                        + "another with --ref, or leave it out to look at all"
                )
            }
        }
    }
}

/// A commit, and what its trailers say.
private struct AnchoredCommit: Sendable {
    let id: String
    let promotion: String
    let ledger: String
    /// How many events the ledger had; nil if the trailer cannot be read.
    let position: Position?
    /// The root over them in hexadecimal; nil if the trailer cannot be read.
    let root: String?

    /// Reads a record of `git log`; nil if the commit has no checkpoint among its trailers.
    init?(_ record: ArraySlice<UInt8>) {
        let parts = record.split(separator: 1, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 4, !parts[3].isEmpty else { return nil }
        id = parts[0]
        promotion = parts[1].prefix(300).filter { !$0.isNewline }
        ledger = parts[2]
        let words = parts[3].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let size = UInt64(words[0]), words[1].utf8.count == 64 else {
            position = nil
            root = nil
            return
        }
        position = Position(rawValue: size)
        root = String(words[1])
    }
}
