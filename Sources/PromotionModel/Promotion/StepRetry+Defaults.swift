extension StepRetry? {
    /// The consecutive errors that end a step; `fallback` where nothing is said, or 0.
    package func errorThreshold(default fallback: UInt64) -> UInt64 {
        guard let self, self.errorThreshold > 0 else { return fallback }
        return self.errorThreshold
    }

    /// The milliseconds that a step may take, 0 for no limit; `fallback` where nothing is said.
    package func timeoutMs(default fallback: Int64) -> Int64 {
        self?.timeoutMs ?? fallback
    }
}
