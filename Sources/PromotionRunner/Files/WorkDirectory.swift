private import Glibc
import PromotionModel

/// The directory in which one attempt of a promotion works; nothing that a step opens is outside.
///
/// A symbolic link in a path leads nowhere, wherever it points; `..` and what git keeps for itself
/// (`.git`) are refused by name.
package struct WorkDirectory: Sendable {
    /// Absolute.
    package let path: String
    private let resolution: PathResolution

    /// The directory at an absolute path, which need not be there.
    package init(path: String, resolution: PathResolution = .best) {
        self.path = path
        self.resolution = resolution
    }

    /// `path`, absolute and without symbolic links; as it is if there is no such directory.
    static func resolved(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The names in the directory at an absolute path; none if there is no such directory.
    static func names(in path: String) -> [String] {
        guard let directory = Descriptor(opening: path) else { return [] }
        defer { directory.close() }
        return directory.names.map(\.text)
    }

    /// The largest file that a step reads or writes as a whole.
    package static let fileByteCountMax = 16 << 20

    /// The absolute path of `relative`, whose directories exist and are no links.
    ///
    /// The last component need not exist.
    package func absolutePath(of relative: String) throws(StepError) -> String {
        let components = try Self.components(of: relative)
        guard let name = components.last else { return path }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        if parent.kind(of: FileName(name)) == .link { throw Self.link(relative) }
        return ([path] + components).joined(separator: "/")
    }

    /// What is at a path; nil if nothing is.
    ///
    /// A link is a link, wherever it points.
    func kind(of relative: String) throws(StepError) -> FileKind? {
        guard var directory = Descriptor(opening: path) else { throw Self.gone }
        defer { directory.close() }
        let components = try Self.components(of: relative)
        for component in components.dropLast() {
            guard let next = directory.openDirectory(FileName(component)) else {
                if directory.kind(of: FileName(component)) == .link { throw Self.link(relative) }
                return nil
            }
            directory.close()
            directory = next
        }
        return components.last.map { directory.kind(of: FileName($0)) } ?? .directory
    }

    /// Whether something is there.
    package func exists(_ relative: String) throws(StepError) -> Bool {
        try kind(of: relative) != nil
    }

    /// The bytes of a regular file.
    package func read(_ relative: String) throws(StepError) -> [UInt8] {
        let components = try Self.components(of: relative)
        guard let name = components.last else { throw .wrong("\(relative) is a directory") }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        guard let file = parent.openFile(FileName(name), flags: O_RDONLY) else {
            throw Self.failure("read", relative)
        }
        defer { file.close() }
        guard let byteCount = file.byteCount else {
            throw .wrong("\(Self.shown(relative)) is not a file")
        }
        guard byteCount <= Self.fileByteCountMax,
            let bytes = file.readAll(limit: Self.fileByteCountMax)
        else {
            let limit = Self.fileByteCountMax >> 20
            throw .wrong("\(Self.shown(relative)) is larger than the \(limit) MiB of a file")
        }
        return bytes
    }

    /// The text of a regular file.
    func readText(_ relative: String) throws(StepError) -> String {
        guard let text = String(validating: try read(relative), as: UTF8.self) else {
            throw .wrong("\(Self.shown(relative)) is not UTF-8")
        }
        return text
    }

    /// Replaces the content of an existing file, which keeps its mode.
    package func replace(_ relative: String, with bytes: [UInt8]) throws(StepError) {
        let components = try Self.components(of: relative)
        guard let name = components.last else { throw .wrong("\(relative) is a directory") }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        // In place: a crash leaves a torn file, and the attempt after it starts from a new clone.
        guard let file = parent.openFile(FileName(name), flags: O_WRONLY) else {
            throw Self.failure("write", relative)
        }
        defer { file.close() }
        guard file.byteCount != nil,
            let whole = parent.openFile(FileName(name), flags: O_WRONLY | O_TRUNC)
        else { throw Self.failure("write", relative) }
        defer { whole.close() }
        guard whole.write(bytes) else { throw Self.failure("write", relative) }
    }

    /// The components of a path that stays beneath the directory.
    static func components(of relative: String) throws(StepError) -> [String] {
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

    /// Opens the directory at `components`; `relative` is what messages say.
    func openDirectory(
        _ components: some Collection<String>,
        of relative: String
    ) throws(StepError) -> Descriptor {
        guard var directory = Descriptor(opening: path) else { throw Self.gone }
        if resolution == .kernel, !components.isEmpty {
            let found = directory.openDirectory(beneath: components.joined(separator: "/"))
            let reason = errno
            directory.close()
            guard let found else {
                errno = reason
                throw reason == ELOOP ? Self.link(relative) : Self.failure("open", relative)
            }
            return found
        }
        for component in components {
            let next = directory.openDirectory(FileName(component))
            let reason = errno
            let isLink = next == nil && directory.kind(of: FileName(component)) == .link
            directory.close()
            if isLink { throw Self.link(relative) }
            guard let next else {
                errno = reason
                throw Self.failure("open", relative)
            }
            directory = next
        }
        return directory
    }

    static let gone = StepError.broken("the work directory is gone")

    static func link(_ relative: String) -> StepError {
        .wrong("\(shown(relative)) leads through a symbolic link; name the file itself")
    }

    /// The last call of the C library as an error.
    static func failure(_ verb: String, _ relative: String) -> StepError {
        let reason = errno
        if reason == ELOOP { return link(relative) }
        return .wrong(
            "cannot \(verb) \(shown(relative)): \(unsafe String(cString: strerror(reason)))"
        )
    }

    /// A path as a part of a sentence.
    static func shown(_ path: String) -> String {
        let visible = path.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? "?" : Character(scalar)
        }
        return String(String(visible).prefix(200))
    }
}

/// Who sees to it that a path stays beneath the work directory.
package enum PathResolution: Sendable, CaseIterable {
    /// openat2, for all directories of a path at once.
    case kernel
    /// One directory after the other, no link followed.
    case walk

    /// The kernel where it can.
    package static var best: PathResolution { Descriptor.kernelResolves ? .kernel : .walk }
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
}
