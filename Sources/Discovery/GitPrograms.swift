import Git
import Secrets

/// The git program for each kind of work, with the time that it may take.
struct GitPrograms: Sendable {
    /// Asks a remote what it has.
    private(set) var listing: GitProgram
    /// Brings over what it has.
    private(set) var fetching: GitProgram
    /// Reads a mirror.
    private(set) var reading: GitProgram

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

    /// The same programs, which may enter the repository at `url` with a credential.
    func entering(_ url: String, with credential: RepositoryCredential?) -> GitPrograms {
        var programs = self
        programs.listing = listing.entering(url, with: credential)
        programs.fetching = fetching.entering(url, with: credential)
        // A mirror without file contents may bring over what is missing while it is read.
        programs.reading = reading.entering(url, with: credential)
        return programs
    }
}
