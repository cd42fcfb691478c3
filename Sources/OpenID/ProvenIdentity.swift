package import EventLog

/// Who somebody is, as a provider has signed it.
package struct ProvenIdentity: Hashable, Sendable {
    /// The provider.
    package let issuer: String
    /// The name that the provider gives him: 1 to 200 bytes.
    package let user: String
    /// The groups that he is in.
    package let groups: [String]
    /// From when on that is not proven any more, with the time that clocks may differ.
    package let end: Timestamp

    /// Somebody whose provider has signed that, or had before the server was started again.
    package init(issuer: String, user: String, groups: [String], end: Timestamp) {
        self.issuer = issuer
        self.user = user
        self.groups = groups
        self.end = end
    }
}
