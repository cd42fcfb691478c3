import EventLog
import HTTPTypes

extension Access {
    /// Opens a session for who has a token; nil if it opens nothing.
    func session(openedBy token: String) -> Secret? {
        guard isOperator(token) else { return nil }
        return signIns.open(with: signIns.newLink().text)
    }

    /// The Set-Cookie field that a browser keeps a session by.
    func cookie(_ session: Secret) -> String {
        let age = SignIns.sessionLifetime.components.seconds
        return "\(cookieName)=\(session.text); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(age)"
    }

    /// The Set-Cookie field that makes a browser forget its session.
    var noCookie: String { "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" }
}
