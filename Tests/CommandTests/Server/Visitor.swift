import Foundation

/// Somebody with a browser, as the server sees him: a session's cookie, pages and forms.
struct Visitor: Sendable {
    let http: RawHTTP
    /// The session's cookie, as it is sent.
    let cookie: String

    /// Signs in with a link.
    init(_ server: RunningServer, _ path: String) throws {
        let entered = try server.http.send("GET", path)
        guard entered.status == 303, let cookie = entered.headers["set-cookie"] else {
            throw TestFailure("\(path) does not sign in: \(entered.status) \(entered.body)")
        }
        http = server.http
        self.cookie = String(cookie.prefix { $0 != ";" })
    }

    /// Signs in with a token that is typed.
    init(_ server: RunningServer, token: String) throws {
        let entered = try server.http.send(
            "POST",
            "/sign-in",
            headers: [
                "Accept": "text/html", "Origin": "http://127.0.0.1:\(server.http.port)",
                "Content-Type": "application/x-www-form-urlencoded",
            ],
            body: "token=\(token)"
        )
        guard entered.status == 303, let cookie = entered.headers["set-cookie"] else {
            throw TestFailure("the token does not sign in: \(entered.status) \(entered.body)")
        }
        http = server.http
        self.cookie = String(cookie.prefix { $0 != ";" })
    }

    /// Signs in with another link, as somebody else would.
    static func another(_ server: RunningServer) throws -> Visitor {
        let url = try server.post("/v1/login-links", "").json["url"].text
        guard let start = url.firstRange(of: "/login?")?.lowerBound else {
            throw TestFailure("no link: \(url)")
        }
        return try Visitor(server, String(url[start...]))
    }

    /// Where its pages come from.
    var origin: String { "http://127.0.0.1:\(http.port)" }

    /// Opens a page.
    func page(_ path: String) throws -> RawHTTP.Answer {
        try http.send("GET", path, headers: ["Cookie": cookie, "Accept": "text/html"])
    }

    /// Sends a form, from a page of an origin.
    func send(
        _ path: String,
        _ fields: [(String, String)],
        origin: String? = nil
    ) throws -> RawHTTP.Answer {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }
            .joined(separator: "&")
        return try http.send(
            "POST",
            path,
            headers: [
                "Cookie": cookie, "Accept": "text/html", "Origin": origin ?? self.origin,
                "Content-Type": "application/x-www-form-urlencoded",
            ],
            body: body
        )
    }

    /// A form of a page, with what is hidden in it.
    func form(_ verb: String, on path: String) throws -> SentForm {
        let html = try page(path).body
        for match in html.matches(of: /(?s)<form method="post" action="([^"]*)".*?<\/form>/)
        where match.1.hasSuffix("/" + verb) {
            let fields = match.0.matches(
                of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/
            )
            return SentForm(
                action: String(match.1),
                fields: fields.map { (String($0.1), Self.plain(String($0.2))) }
            )
        }
        throw TestFailure("\(path) has no form \(verb)")
    }

    /// Sends a form of a page, with what was typed.
    func send(
        _ form: SentForm,
        _ typed: [(String, String)] = []
    ) throws -> RawHTTP.Answer {
        try send(form.action, form.fields + typed)
    }

    private static func plain(_ text: String) -> String {
        text.replacingOccurrences(of: "&quot;", with: "\"")
            .replacingOccurrences(of: "&#39;", with: "'")
            .replacingOccurrences(of: "&lt;", with: "<")
            .replacingOccurrences(of: "&gt;", with: ">")
            .replacingOccurrences(of: "&amp;", with: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

/// A form as a page has it.
struct SentForm: Sendable {
    let action: String
    var fields: [(String, String)]

    /// The same without a field.
    func without(_ name: String) -> SentForm {
        SentForm(action: action, fields: fields.filter { $0.0 != name })
    }

    /// The same with another value of a field.
    func with(_ name: String, _ value: String) -> SentForm {
        SentForm(action: action, fields: without(name).fields + [(name, value)])
    }
}
