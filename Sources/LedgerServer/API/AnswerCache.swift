import EventLog
import NIOCore
import Synchronization

/// Answers that hold as long as the ledger does not grow, as the bytes that are sent.
///
/// What is asked for again and again, between two events, is made once.
final class AnswerCache: Sendable {
    private struct State {
        var position = Position.origin
        var answers: [String: ByteBuffer] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())
    private static let answerCountMax = 1024
    private static let byteCountMax = 16 << 20

    /// The answer to a question that was made at this position; nil if there is none.
    func answer(to question: String, at position: Position) -> ByteBuffer? {
        state.withLock { state in
            state.position == position ? state.answers[question] : nil
        }
    }

    /// Keeps an answer that was made at this position; what was made earlier is forgotten.
    func keep(_ answer: ByteBuffer, to question: String, at position: Position) {
        state.withLock { state in
            guard position >= state.position else { return }
            if position > state.position { state = State(position: position) }
            guard state.answers.count < Self.answerCountMax,
                state.byteCount + answer.readableBytes <= Self.byteCountMax
            else { return }
            if state.answers.updateValue(answer, forKey: question) == nil {
                state.byteCount += answer.readableBytes
            }
        }
    }
}
