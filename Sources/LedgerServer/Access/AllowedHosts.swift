/// Under which names the server may be addressed.
///
/// A page of another site can make its own name mean this machine (DNS rebinding); it cannot make
/// a browser send another name than its own.
struct AllowedHosts: Sendable {
    private let names: Set<String>

    /// The names of a server that listens at `host` and `port`, and others that somebody listed,
    /// each with or without a port.
    init(host: String, port: Int, others: [String] = []) {
        var names: Set<String> = []
        var own = [host.contains(":") ? "[\(host)]" : host]
        if ["127.0.0.1", "::1", "localhost"].contains(host) {
            own = ["127.0.0.1", "[::1]", "localhost"]
        }
        // Whoever listens everywhere says by which names he is known.
        own.removeAll { ["0.0.0.0", "[::]"].contains($0) }
        for name in own {
            names.insert("\(name):\(port)")
            if port == 80 { names.insert(name) }
        }
        names.formUnion(others.map { $0.lowercased() })
        self.names = names
    }

    /// Whether a Host header names this server.
    func contains(_ authority: String) -> Bool { names.contains(authority.lowercased()) }

    /// Whether an Origin header names a page of this server.
    func containsOrigin(_ origin: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return contains(String(origin.dropFirst(scheme.count)))
        }
        return false
    }
}
