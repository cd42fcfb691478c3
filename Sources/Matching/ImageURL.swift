/// The canonical form of an image repository.
package enum ImageURL {
    /// `url` in its canonical form.
    ///
    /// Docker Hub's host names and the `library/` of its official images go; other registries
    /// keep host and path. What is no reference to a repository is given back as it is.
    package static func normalized(_ url: String) -> String {
        let text = RepositoryURL.sanitized(url)
        var elements = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = elements.first else { return url }
        var host: Substring?
        if elements.count > 1, first.contains(".") || first.contains(":") || first == "localhost" {
            host = elements.removeFirst()
        }
        guard !elements.isEmpty, elements.allSatisfy(isPathElement),
            host.map(isHost) ?? true
        else { return url }
        if let host, !hubHosts.contains(String(host)) {
            return "\(host)/\(elements.joined(separator: "/"))"
        }
        if elements.count == 2, elements[0] == "library" { elements.removeFirst() }
        return elements.joined(separator: "/")
    }

    private static let hubHosts: Set<String> = [
        "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com",
    ]

    private static func isPathElement(_ element: Substring) -> Bool {
        guard let first = element.utf8.first, let last = element.utf8.last else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last)
            && element.utf8.allSatisfy { isLowerOrDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isHost(_ host: Substring) -> Bool {
        host.utf8.allSatisfy { byte in
            isLowerOrDigit(byte) || (0x41...0x5a).contains(byte) || ".-:[]".utf8.contains(byte)
        }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
    }
}

/// The canonical form of a chart repository.
package enum ChartURL {
    /// `url` in its canonical form: lower case, without `oci://`, and then as an image's.
    package static func normalized(_ url: String) -> String {
        let text = RepositoryURL.sanitized(url).lowercased()
        return ImageURL.normalized(text.hasPrefix("oci://") ? String(text.dropFirst(6)) : text)
    }
}
