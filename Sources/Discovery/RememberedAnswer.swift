import EventLog
import Glibc
import PromotionModel
import Wire

/// What a subscription chose, and where its repository stood then.
///
/// Kept in the mirror's directory too, so that a new process need not read the history again.
/// Losing it costs that reading and nothing else.
struct RememberedAnswer: Message {
    /// How answers are found; an answer of another one is not taken.
    private static let presentRules: UInt64 = 1

    private var rules = Self.presentRules
    var state = ""
    private var artifacts: [Artifact] = []

    init() {}

    init(state: String, commits: [CommitArtifact]) {
        self.state = state
        artifacts = commits.map { Artifact(commit: $0) }
    }

    var commits: [CommitArtifact] { artifacts.compactMap(\.commit) }

    mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "rules", &rules)
        try visitor.field(2, "state", &state)
        try visitor.field(3, "artifacts", &artifacts)
    }

    /// Reads what was kept; nil for what is no answer of these rules.
    init?(kept bytes: [UInt8]) {
        let message = Array(bytes.dropFirst(32))
        guard Digest.sha256(message).bytes == Array(bytes.prefix(32)),
            let answer = try? RememberedAnswer(decoding: message),
            answer.rules == Self.presentRules
        else { return nil }
        self = answer
    }

    /// The answer behind its digest, so that a torn file is none.
    var kept: [UInt8] {
        let bytes = encoded()
        return Digest.sha256(bytes).bytes + bytes
    }
}

extension GitRepository {
    /// The answer that the mirror has for a subscription; nil if there is none.
    func answer(for subscription: GitSubscription) -> RememberedAnswer? {
        SmallFile(path: path(of: subscription)).read().flatMap(RememberedAnswer.init(kept:))
    }

    /// Keeps an answer in the mirror, if that can be.
    func remember(_ answer: RememberedAnswer, for subscription: GitSubscription) {
        _ = unsafe mkdir(answersDirectory, 0o700)
        SmallFile(path: path(of: subscription)).write(answer.kept)
    }

    private var answersDirectory: String { mirror + "/waybill-answers" }

    private func path(of subscription: GitSubscription) -> String {
        "\(answersDirectory)/\(Digest.sha256(subscription.encoded()).hex.prefix(32))"
    }
}
