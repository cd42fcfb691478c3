/// Finds the endpoint that a path means.
struct Router: Sendable {
    private let byCount: [Int: [Endpoint]]
    private let open: [Endpoint]

    init(_ endpoints: [Endpoint]) {
        byCount = Dictionary(grouping: endpoints.filter { !$0.takesRest }) { $0.segments.count }
        open = endpoints.filter(\.takesRest)
    }

    /// What a method and a path lead to.
    enum Route {
        case endpoint(Endpoint, [String: String])
        /// There is something, but not for this method.
        case otherMethod(allowed: [Endpoint.Method])
        case nothing
    }

    func route(_ method: String, _ segments: [String]) -> Route {
        var allowed: [Endpoint.Method] = []
        for endpoint in (byCount[segments.count] ?? []) + open {
            guard let names = endpoint.names(in: segments) else { continue }
            // A head is a get without its body (RFC 9110, 9.3.2).
            if endpoint.method.rawValue == (method == "HEAD" ? "GET" : method) {
                return .endpoint(endpoint, names)
            }
            allowed.append(endpoint.method)
        }
        return allowed.isEmpty ? .nothing : .otherMethod(allowed: allowed)
    }
}

extension Endpoint {
    /// Whether its last name takes all that is left of a path.
    var takesRest: Bool { segments.last == .name("tile") || segments.last == .name("page") }

    /// The values of the names in its path; nil if the path is another one.
    func names(in parts: [String]) -> [String: String]? {
        guard parts.count == segments.count || (takesRest && parts.count > segments.count) else {
            return nil
        }
        var names: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .word(let word): guard word == parts[index] else { return nil }
            case .name(let name):
                names[name] =
                    takesRest && index == segments.count - 1
                    ? parts[index...].joined(separator: "/") : parts[index]
            }
        }
        return names
    }
}
