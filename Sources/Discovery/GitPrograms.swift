import Git

/// The git program for each kind of work, with the time that it may take.
struct GitPrograms: Sendable {
    /// Asks a remote what it has.
    let listing: GitProgram
    /// Brings over what it has.
    let fetching: GitProgram
    /// Reads a mirror.
    let reading: GitProgram

    init(home: String, _ options: DiscoveryOptions) {
        func program(_ duration: Duration) -> GitProgram {
            GitProgram(
                home: home,
                allowFileRepositories: options.allowFileRepositories,
                limits: options.limits.lasting(duration)
            )
        }
        listing = program(options.listingDurationMax)
        fetching = program(options.fetchingDurationMax)
        reading = program(options.readingDurationMax)
    }
}
