private import Glibc

/// Reads folders of keys; no link is followed, and nothing else than a file is opened.
enum KeyFolder {
    /// In the place of a project: what all projects share.
    private static let shared = "_shared"
    private static let keyCountMax = 1_000
    private static let byteCountMax = 1 << 20

    static func path(
        _ directory: String,
        _ kind: KeyKind,
        _ name: String,
        in project: String?
    ) -> String {
        "\(directory)/\(kind.folder)/\(project ?? shared)/\(name)"
    }

    /// The keys of a name; nil if there is no such folder.
    static func keys(
        _ directory: String,
        _ kind: KeyKind,
        _ name: String,
        in project: String?
    ) throws(KeyStoreError) -> [String: String]? {
        guard isName(name), project.map(isName) ?? true else { return nil }
        let shown = path("", kind, name, in: project).dropFirst()
        let places = [directory, kind.folder, project ?? shared, name]
        guard let folder = try open(places, String(shown)) else { return nil }
        defer { close(folder) }
        let names = entries(of: folder).filter(isKey)
        guard names.count <= keyCountMax else {
            throw KeyStoreError("\(shown) has more than \(keyCountMax) keys; split it")
        }
        var keys: [String: String] = [:]
        for key in names {
            keys[key] = try text(of: key, in: folder, "\(shown)/\(key)", kind)
        }
        return keys
    }

    /// The names of which there are folders.
    static func names(
        _ directory: String,
        _ kind: KeyKind,
        in project: String?
    ) throws(KeyStoreError) -> [String] {
        guard project.map(isName) ?? true else { return [] }
        let places = [directory, kind.folder, project ?? shared]
        guard let folder = try open(places, places.dropFirst().joined(separator: "/")) else {
            return []
        }
        defer { close(folder) }
        return entries(of: folder).filter(isName)
    }

    /// Whether `text` is a name as Kubernetes has it.
    static func isName(_ text: String) -> Bool {
        let isWord = text.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
                || byte == 0x2e
        }
        guard isWord, (1...253).contains(text.utf8.count), let first = text.utf8.first,
            let last = text.utf8.last
        else { return false }
        return ![first, last].contains { $0 == 0x2d || $0 == 0x2e } && !text.contains("..")
    }

    /// Whether `text` can be a key: a file whose name begins with a dot is none.
    static func isKey(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
                    || (0x30...0x39).contains(byte) || "-._".utf8.contains(byte)
            }
    }

    // MARK: - Files

    /// Opens the folder at the end of `places`, the first of which may be anywhere; nil if it is
    /// not there.
    private static func open(
        _ places: [String],
        _ shown: String
    ) throws(KeyStoreError) -> CInt? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var folder = unsafe Glibc.open(places[0], flags)
        for place in places.dropFirst() {
            guard folder >= 0 else { break }
            let next = unsafe openat(folder, place, flags | O_NOFOLLOW)
            let reason = errno
            close(folder)
            errno = reason
            folder = next
        }
        if folder >= 0 { return folder }
        if errno == ENOENT { return nil }
        let reason = unsafe String(cString: strerror(errno))
        throw KeyStoreError("\(shown) cannot be opened (\(reason)); make it a folder of yours")
    }

    private static func text(
        of key: String,
        in folder: CInt,
        _ shown: String,
        _ kind: KeyKind
    ) throws(KeyStoreError) -> String {
        let file = unsafe openat(folder, key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw KeyStoreError("\(shown) cannot be read (\(reason)); make it a file of yours")
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw KeyStoreError("\(shown) is not a file; take it away")
        }
        guard !kind.isPrivate || status.st_mode & 0o077 == 0 else {
            throw KeyStoreError("\(shown) may be read by others than its owner; chmod 600 it")
        }
        guard let bytes = read(file) else {
            throw KeyStoreError("\(shown) is larger than \(byteCountMax >> 20) MiB; shorten it")
        }
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw KeyStoreError("\(shown) is not UTF-8; encode it, for instance as Base64")
        }
        // What editors and echo put there, and nobody means.
        if text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
        return text
    }

    private static func read(_ file: CInt) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { return nil }
                continue
            }
            bytes += buffer[..<count]
            if bytes.count > byteCountMax { return nil }
        }
    }

    private static func entries(of folder: CInt) -> [String] {
        let own = unsafe openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = unsafe fdopendir(own) else { return [] }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe Array(name.prefix { $0 != 0 })
            }
            if let name = String(validating: bytes, as: UTF8.self) { names.append(name) }
        }
        return names.sorted()
    }
}
