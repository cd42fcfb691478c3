import HTTPTypes
import Logging

extension ServerCore {
    /// A refused attempt to enter, logged; many of them from one address are slowed down.
    func refused(_ problem: Problem, from address: String) -> Problem {
        counters.count { $0.refusedEntries += 1 }
        guard let seconds = refusals.take(address) else {
            logger.notice("refused \(address): \(problem.code)")
            return problem
        }
        var slowed = Problem(
            .tooManyRequests,
            "tooManyRefusals",
            "too many attempts to enter from this address; wait, and sign in with what opens it"
        )
        slowed.retryAfterSeconds = seconds
        return slowed
    }
}
