import Expressions
import Requests

/// Makes of what a server says is wrong what the command line would have said itself.
enum ServerProblem {
    /// The failure in the body of an answer with this status (RFC 9457).
    static func failure(
        _ status: UInt,
        _ body: String,
        _ address: ServerAddress
    ) -> CommandFailure {
        guard let problem = try? Value(json: body), let name = problem["code"]?.stringValue,
            let message = problem["detail"]?.stringValue
        else {
            return CommandFailure(
                .failure,
                "noServer",
                "\(address.title) answers \(status), and not as waybill serve does; name another "
                    + "server with --server"
            )
        }
        if status == 401 {
            return CommandFailure(
                .refused,
                name,
                "\(address.title) does not know who asks; give a token that it knows with "
                    + "--token-file, --token or WAYBILL_TOKEN"
            )
        }
        var details: [(String, Value)] = []
        if case .object(let members)? = problem["details"] {
            details = members.map { ($0.key, $0.value) }
        }
        return CommandFailure(code(status, problem), name, message, details: details)
    }

    /// What the command line ends with: the server says so, or else the status does.
    private static func code(_ status: UInt, _ problem: Value) -> CommandFailure.Code {
        if let said = problem["exitCode"]?.intValue, let code = Int32(exactly: said),
            let known = CommandFailure.Code(rawValue: code)
        {
            return known
        }
        switch status {
        case 403, 409: return .refused
        case 404: return .notFound
        case 400, 405, 413, 415, 422: return .usage
        default: return .failure
        }
    }
}
