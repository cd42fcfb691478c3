import EventLog
import HTTPTypes
package import Ledger
package import OpenID
import PromotionModel
import Requests
import Synchronization

/// Decides who asks, and whether he may.
///
/// Every request passes here, before anything of it is looked at. The operator has the token in
/// the ledger's directory, or a session that a sign-in link opened; others have tokens of the
/// ledger or of an identity provider, or sessions that these opened.
package final class Access: Sendable {
    /// Where the server listens, which is known when it does.
    private struct Place {
        var hosts: AllowedHosts
        var port: Int
    }

    private let place: Mutex<Place>
    private let host: String
    private let otherHosts: [String]
    let operatorToken: Digest
    let ledger: Ledger
    let anonymous: AnonymousReading
    /// Nil if no identity provider's tokens are taken.
    let verifier: IdentityVerifier?
    let signIns: SignIns

    /// Access to the server of a ledger at a host, and by other names that somebody listed.
    ///
    /// Tokens that open are this one, those that the ledger issued and those that a verifier
    /// takes; anybody may read what `anonymous` lets him. Without a file for them, sessions end
    /// with the process.
    package init(
        _ ledger: Ledger,
        host: String,
        otherHosts: [String],
        operatorToken: Secret,
        anonymous: AnonymousReading = .nothing,
        verifier: IdentityVerifier? = nil,
        sessions: SessionFile? = nil
    ) {
        self.verifier = verifier
        signIns = SignIns(keptIn: sessions)
        self.ledger = ledger
        self.anonymous = anonymous
        self.host = host
        self.otherHosts = otherHosts
        self.operatorToken = operatorToken.digest
        place = Mutex(Place(hosts: AllowedHosts(host: host, port: 0, others: otherHosts), port: 0))
    }

    /// Notes the port at which the server listens.
    func listens(at port: Int) {
        let hosts = AllowedHosts(host: host, port: port, others: otherHosts)
        place.withLock { $0 = Place(hosts: hosts, port: port) }
    }

    private var hosts: AllowedHosts { place.withLock { $0.hosts } }

    /// The name of the session's cookie: browsers share cookies between the ports of a host.
    var cookieName: String { "waybill-session-\(place.withLock { $0.port })" }

    /// What came of a look at who asks.
    enum Admission: Sendable {
        case known(Caller)
        /// Nobody knows who, which is enough for what is open to anybody.
        case stranger(Problem)
        /// Not even that.
        case refused(Problem)
    }

    /// Who sends a request.
    func admit(_ request: HTTPRequest) async -> Admission {
        if let problem = hostProblem(request) { return .refused(problem) }
        if let header = request.headerFields[.authorization] {
            return await bearer(header)
        }
        if let session = session(request), let identity = signIns.identity(session) {
            // A browser sends the cookie whichever page asks; of another site's it must not count.
            if let problem = originProblem(request) { return .refused(problem) }
            // Whose token has ended may sign in again.
            let admission = admission(of: identity)
            guard case .refused(let problem) = admission else { return admission }
            return .stranger(problem)
        }
        if let caller = anonymous.caller { return .known(caller) }
        return .stranger(Self.notSignedIn)
    }

    /// What whoever nobody knows is told.
    static let notSignedIn = Problem(
        .unauthorized,
        "notSignedIn",
        "sign in with the link that the server printed, or send the token in "
            + "\(OperatorToken.fileName) as Authorization: Bearer TOKEN"
    )

    /// The same caller with what he may by now; nil if he is not let in any more.
    func renewed(_ caller: Caller) -> Caller? {
        guard case .known(let now) = admission(of: caller.identity) else { return nil }
        return now
    }

    /// Opens a session for whoever has a token, and returns the value of the Set-Cookie header
    /// that gives it to his browser.
    ///
    /// The token is the operator's, one that the ledger issued, or the identity provider's. The
    /// session ends with it.
    ///
    /// - Throws: a problem with status 401 if the token opens nothing.
    func openSession(for token: String) async throws(Problem) -> String {
        switch await bearer("Bearer \(token)") {
        case .known(let caller): return cookie(of: signIns.open(for: caller.identity))
        case .stranger(let problem), .refused(let problem): throw problem
        }
    }

    /// Opens a session with the secret of a sign-in link, which is used up by that.
    ///
    /// Returns the value of the Set-Cookie header; nil if it is no such secret.
    func openSession(withLink secret: String) -> String? {
        signIns.open(with: secret).map(cookie(of:))
    }

    /// The value of the Set-Cookie header that makes a browser forget its session.
    var endOfSession: String { "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" }

    private func cookie(of session: Secret) -> String {
        "\(cookieName)=\(session.text); Path=/; HttpOnly; SameSite=Strict; "
            + "Max-Age=\(SignIns.sessionLifetime.components.seconds)"
    }

    /// A new link's path and query.
    func newLinkPath() -> String { "/login?token=\(signIns.newLink().text)" }

    /// The session that a request's cookie names.
    func session(_ request: HTTPRequest) -> String? {
        for header in request.headerFields[values: .cookie] {
            for pair in header.split(separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else { continue }
                if sides[0].drop(while: { $0 == " " }) == cookieName { return String(sides[1]) }
            }
        }
        return nil
    }

    private func hostProblem(_ request: HTTPRequest) -> Problem? {
        let authority = request.authority ?? ""
        guard !hosts.contains(authority) else { return nil }
        return Problem(
            .misdirectedRequest,
            "unknownHost",
            "this server is not \(String(authority.prefix(200)).quoted); address it by the name "
                + "that it printed, or start it with --host NAME"
        )
    }

    /// That a page of another site asks for a change.
    func originProblem(_ request: HTTPRequest) -> Problem? {
        guard request.method != .get, request.method != .head else { return nil }
        if let origin = request.headerFields[.origin] {
            if hosts.containsOrigin(origin) { return nil }
        } else if request.headerFields[.secFetchSite] == "same-origin" {
            return nil
        }
        return Problem(
            .forbidden,
            "otherOrigin",
            "changes are taken from this server's own pages only; open them, and do it there"
        )
    }
}

extension String {
    /// In quotation marks, without what a terminal or a page could be disturbed by.
    fileprivate var quoted: String {
        let scalars = unicodeScalars.map { scalar -> Character in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return "\"" + String(scalars) + "\""
    }
}
