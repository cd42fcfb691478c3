import EventLog
import HTTPTypes
import Synchronization

/// Decides who asks, and whether he may.
///
/// Every request passes here, before anything of it is looked at. Whoever may enter is the
/// operator: he has the token in the ledger's directory, or a session that a sign-in link opened.
package final class Access: Sendable {
    /// Where the server listens, which is known when it does.
    private struct Place {
        var hosts: AllowedHosts
        var port: Int
    }

    private let place: Mutex<Place>
    private let host: String
    private let otherHosts: [String]
    private let operatorToken: Digest
    let signIns = SignIns()

    /// Access to a server at a host, and by other names that somebody listed, with this token.
    package init(host: String, otherHosts: [String], operatorToken: Secret) {
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
        case actor(EventActor)
        /// Nobody knows who, which is enough for what is open to anybody.
        case stranger(Problem)
        /// Not even that.
        case refused(Problem)
    }

    /// Who sends a request.
    func admit(_ request: HTTPRequest) -> Admission {
        if let problem = hostProblem(request) { return .refused(problem) }
        if let header = request.headerFields[.authorization] {
            return bearer(header)
        }
        if let session = session(request), signIns.isOpen(session) {
            // A browser sends the cookie whichever page asks; of another site's it must not count.
            if let problem = originProblem(request) { return .refused(problem) }
            return .actor(EventActor(name: "operator", assurance: .token))
        }
        return .stranger(
            Problem(
                .unauthorized,
                "notSignedIn",
                "sign in with the link that the server printed, or send the token in "
                    + "\(OperatorToken.fileName) as Authorization: Bearer TOKEN"
            )
        )
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

    private func bearer(_ header: String) -> Admission {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", isOperator(String(parts[1]))
        else {
            return .refused(
                Problem(
                    .unauthorized,
                    "unknownToken",
                    "this token opens nothing here; send the one in \(OperatorToken.fileName)"
                )
            )
        }
        return .actor(EventActor(name: "operator", assurance: .token))
    }

    /// Whether a text is the operator's token.
    func isOperator(_ token: String) -> Bool { Secret(token)?.digest == operatorToken }

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
