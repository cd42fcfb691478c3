import PromotionModel

extension VerificationResult {
    /// How a person says it.
    package var word: String {
        switch self {
        case .successful: "passed"
        case .failed: "failed"
        case .errored: "errored"
        case .aborted: "aborted"
        case .inconclusive: "inconclusive"
        }
    }
}

extension VerificationFinished {
    /// What somebody who watches is told; nil for what is verified by running.
    package var line: String? {
        if implicit { return nil }
        let end = assumed ? "assumed to have passed" : result.word
        let message = message.map { ": \($0)" } ?? ""
        return "\(promotion) in stage/\(stage): verification \(end)\(message)"
    }
}
