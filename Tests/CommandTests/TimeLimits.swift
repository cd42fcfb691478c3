import Testing

extension Trait where Self == TimeLimitTrait {
    /// Who hangs fails, and does not hold up the others for ever.
    ///
    /// Far longer than any test takes: tests begin all at once and wait for their turn at the
    /// turnstile, which counts; typed to servers, each turn takes a start of a server longer.
    static var doesNotHang: Self {
        .timeLimit(.minutes(ServedCommands.isAsked ? 60 : 30))
    }
}
