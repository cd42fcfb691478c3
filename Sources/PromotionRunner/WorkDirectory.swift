private import Glibc
import PromotionModel

/// The directory in which one attempt of a promotion works; nothing that a step opens is outside.
///
/// Paths are walked component by component without following symbolic links, so a link in a
/// repository leads nowhere; `..` and what git keeps for itself (`.git`) are refused by name.
package struct WorkDirectory: Sendable {
    /// Absolute.
    package let path: String

    /// The directory at an absolute path, which need not be there.
    package init(path: String) { self.path = path }

    /// `path`, absolute and without symbolic links; as it is if there is no such directory.
    static func resolved(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The largest file that a step reads or writes.
    static let fileByteCountMax = 64 << 20

    /// The absolute path of `relative`, whose directories exist and are no links.
    ///
    /// The last component need not exist.
    package func absolutePath(of relative: String) throws(StepError) -> String {
        let components = try Self.components(of: relative)
        guard let name = components.last else { return path }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        if parent.isLink(name) { throw Self.link(relative) }
        return ([path] + components).joined(separator: "/")
    }

    /// Whether something is there.
    package func exists(_ relative: String) throws(StepError) -> Bool {
        guard var directory = Descriptor(opening: path) else { return false }
        defer { directory.close() }
        let components = try Self.components(of: relative)
        for component in components.dropLast() {
            if directory.isLink(component) { throw Self.link(relative) }
            guard let next = directory.openDirectory(component) else { return false }
            directory.close()
            directory = next
        }
        return components.last.map { directory.has($0) } ?? true
    }

    /// The bytes of a regular file.
    package func read(_ relative: String) throws(StepError) -> [UInt8] {
        let components = try Self.components(of: relative)
        guard let name = components.last else { throw .wrong("\(relative) is a directory") }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        guard let file = parent.openFile(name, flags: O_RDONLY) else {
            throw Self.failure("read", relative)
        }
        defer { file.close() }
        guard file.isRegular else { throw .wrong("\(relative) is not a file") }
        guard let bytes = file.readAll(limit: Self.fileByteCountMax) else {
            throw .wrong("\(relative) is larger than \(Self.fileByteCountMax) bytes")
        }
        return bytes
    }

    /// Replaces the content of an existing file, which keeps its mode.
    package func replace(_ relative: String, with bytes: [UInt8]) throws(StepError) {
        let components = try Self.components(of: relative)
        guard let name = components.last else { throw .wrong("\(relative) is a directory") }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        // In place: a crash leaves a torn file, and the attempt after it starts from a new clone.
        guard let file = parent.openFile(name, flags: O_WRONLY | O_TRUNC) else {
            throw Self.failure("write", relative)
        }
        defer { file.close() }
        guard file.isRegular, file.write(bytes) else { throw Self.failure("write", relative) }
    }

    /// The components of a path that stays beneath the directory.
    private static func components(of relative: String) throws(StepError) -> [String] {
        guard !relative.hasPrefix("/") else {
            throw .wrong("\(shown(relative)) must be relative to the work directory")
        }
        guard relative.utf8.count <= 4096, relative.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .wrong("\(shown(relative)) is no path") }
        let components = relative.split(separator: "/").map(String.init).filter { $0 != "." }
        for component in components {
            if component == ".." {
                throw .wrong("\(shown(relative)) must not lead out of the work directory")
            }
            if component.lowercased() == ".git" {
                throw .wrong("\(shown(relative)) leads into what git keeps for itself")
            }
        }
        return components
    }

    private func openDirectory(
        _ components: some Collection<String>,
        of relative: String
    ) throws(StepError) -> Descriptor {
        guard var directory = Descriptor(opening: path) else {
            throw .broken("the work directory is gone")
        }
        for component in components {
            let next = directory.openDirectory(component)
            let isLink = next == nil && directory.isLink(component)
            directory.close()
            if isLink { throw Self.link(relative) }
            guard let next else { throw Self.failure("open", relative) }
            directory = next
        }
        return directory
    }

    private static func link(_ relative: String) -> StepError {
        .wrong("\(shown(relative)) leads through a symbolic link; name the file itself")
    }

    private static func failure(_ verb: String, _ relative: String) -> StepError {
        let reason = unsafe String(cString: strerror(errno))
        return .wrong("cannot \(verb) \(shown(relative)): \(reason)")
    }

    private static func shown(_ path: String) -> String {
        let visible = path.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? "?" : Character(scalar)
        }
        return String(String(visible).prefix(200))
    }
}

extension WorkDirectory {
    /// Makes it, empty; what was there is removed.
    package func makeEmpty() throws(StepError) {
        remove()
        let made = unsafe mkdir(path, 0o700)
        guard made == 0 else { throw Self.failure("make", "the work directory") }
    }

    /// Whether it is there.
    var exists: Bool {
        let directory = Descriptor(opening: path)
        directory?.close()
        return directory != nil
    }

    /// Removes it with all that is in it; what cannot be removed stays.
    func remove() {
        guard let directory = Descriptor(opening: path) else { return }
        directory.removeContents(depth: 0)
        directory.close()
        _ = unsafe rmdir(path)
    }

    /// Removes a directory beneath it, if it is there.
    func remove(_ relative: String) throws(StepError) {
        let components = try Self.components(of: relative)
        guard let name = components.last else { return }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        guard let directory = parent.openDirectory(name) else { return }
        directory.removeContents(depth: 0)
        directory.close()
        parent.removeDirectory(name)
    }
}
