package import EventLog

/// A page as it goes to a browser.
package struct HTMLPage: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    package let title: String
    /// UTF-8 HTML.
    package let html: [UInt8]
    /// The last event that it was made from.
    package let position: Position

    /// The policy that every page is sent with: no inline script or style, nothing from elsewhere.
    package static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}
