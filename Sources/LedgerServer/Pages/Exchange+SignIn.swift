import HTTPTypes
import HummingbirdCore
import LedgerPages

extension Exchange {
    /// Opens a session for who types a token that opens the server.
    ///
    /// The token of the form is not needed here: who is not signed in has no session that another
    /// site could use, and Origin keeps such a site from signing somebody in as somebody else.
    func signIn() async throws -> Reply {
        if let problem = core.access.originProblem(request.head) { throw problem }
        let fields = try await formFields()
        let cookie: String
        do throws(Problem) {
            cookie = try await core.access.openSession(for: fields["token"] ?? "")
        } catch {
            throw core.refused(error, from: address)
        }
        await keepSessions()
        var reply = Reply.seeOther("/")
        reply.headers[.setCookie] = cookie
        return reply
    }

    /// Ends the browser's session.
    func signOut() async throws -> Reply {
        try checkToken(of: try await formFields())
        if let session = core.access.session(request.head) { core.access.signIns.close(session) }
        await keepSessions()
        var reply = Reply.seeOther("/sign-in")
        reply.headers[.setCookie] = core.access.endOfSession
        return reply
    }

    /// The fields of a form that was sent.
    func formFields() async throws -> FormFields {
        try requireType("application/x-www-form-urlencoded")
        let bytes = try await body(core.settings.bodyByteCountMax)
        guard let text = String(validating: bytes, as: UTF8.self), let fields = FormFields(text)
        else {
            throw Problem(
                .badRequest,
                "malformedBody",
                "the form cannot be read; go back, load the page again and repeat it"
            )
        }
        return fields
    }

    /// That a form is of this session's own page.
    func checkToken(of fields: FormFields) throws {
        guard let csrfToken, fields["csrf"] == csrfToken else {
            throw Problem(
                .forbidden,
                "otherSession",
                "the form is of another session than yours; go back, load the page again and "
                    + "repeat it"
            )
        }
    }
}
