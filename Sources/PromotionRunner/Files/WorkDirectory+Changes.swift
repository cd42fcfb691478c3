private import Glibc
import PromotionModel

/// What steps do to files besides reading and replacing them.
extension WorkDirectory {
    /// The levels of a tree that is walked.
    private static let depthMax = 100

    /// Writes a file; the directories above it are made.
    ///
    /// A file that is there is replaced, or an error where `isNew`.
    package func write(
        _ relative: String,
        _ bytes: [UInt8],
        permissions: UInt32? = nil,
        isNew: Bool = false
    ) throws(StepError) {
        guard bytes.count <= Self.fileByteCountMax else {
            let limit = Self.fileByteCountMax >> 20
            throw .wrong("\(Self.shown(relative)) would be larger than the \(limit) MiB of a file")
        }
        let components = try Self.components(of: relative)
        guard let name = components.last.map({ FileName($0) }) else {
            throw .wrong("\(relative) is a directory")
        }
        let parent = try makeDirectories(components.dropLast(), of: relative)
        defer { parent.close() }
        switch parent.kind(of: name) {
        case nil: break
        case .link: throw Self.link(relative)
        case .directory, .other: throw .wrong("\(Self.shown(relative)) is not a file")
        case .file where isNew:
            throw .wrong("\(Self.shown(relative)) is there already; say overwrite: true")
        case .file: break
        }
        guard let file = parent.makeFile(name, mode: 0o600) else {
            throw Self.failure("write", relative)
        }
        defer { file.close() }
        guard file.write(bytes) else { throw Self.failure("write", relative) }
        if let permissions { file.permissions = permissions }
    }

    /// Removes what is at a path, a directory with all that is in it; says whether anything was.
    @discardableResult
    package func remove(_ relative: String) throws(StepError) -> Bool {
        let components = try Self.components(of: relative)
        guard let name = components.last.map({ FileName($0) }) else {
            throw .wrong("\(Self.shown(relative)) is the work directory itself, which stays")
        }
        guard try exists(relative) else { return false }
        let parent = try openDirectory(components.dropLast(), of: relative)
        defer { parent.close() }
        guard let directory = parent.openDirectory(name) else {
            guard parent.removeFile(name) else { throw Self.failure("delete", relative) }
            return true
        }
        directory.removeContents(depth: 0)
        directory.close()
        guard parent.removeDirectory(name) else { throw Self.failure("delete", relative) }
        return true
    }

    /// Removes everything in a directory but `kept`.
    func clear(_ relative: String, except kept: FileName) throws(StepError) {
        let components = try Self.components(of: relative)
        let directory = try openDirectory(components[...], of: relative)
        defer { directory.close() }
        directory.removeContents(depth: 0, except: kept)
        guard directory.names.allSatisfy({ $0 == kept }) else {
            throw .wrong("not everything in \(Self.shown(relative)) can be removed")
        }
    }

    /// Makes the directories above a path.
    func makeParents(of relative: String) throws(StepError) {
        let components = try Self.components(of: relative)
        try makeDirectories(components.dropLast(), of: relative).close()
    }

    /// Opens the directory at `components`, making what is missing of it.
    func makeDirectories(
        _ components: some Collection<String>,
        of relative: String
    ) throws(StepError) -> Descriptor {
        guard var directory = Descriptor(opening: path) else { throw Self.gone }
        for component in components {
            let next = directory.makeDirectory(FileName(component))
            let reason = errno
            let isLink = next == nil && directory.kind(of: FileName(component)) == .link
            directory.close()
            if isLink { throw Self.link(relative) }
            guard let next else {
                errno = reason
                throw Self.failure("make", relative)
            }
            directory = next
        }
        return directory
    }

    /// The paths of everything that a glob matches, what git keeps for itself left out.
    ///
    /// `isMatch` is asked about each path, relative to the work directory, parents first.
    func paths(
        where isMatch: (String) throws(StepError) -> Bool
    ) throws(StepError) -> [String] {
        guard let root = Descriptor(opening: path) else { throw Self.gone }
        defer { root.close() }
        var found: [String] = []
        var budget = CopyBudget()
        func look(_ directory: Descriptor, _ prefix: String, _ depth: Int) throws(StepError) {
            guard depth < Self.depthMax else { return }
            for name in directory.names where !name.isGit {
                try budget.take(bytes: 0)
                let path = prefix.isEmpty ? name.text : "\(prefix)/\(name.text)"
                if try isMatch(path) { found.append(path) }
                guard let next = directory.openDirectory(name) else { continue }
                defer { next.close() }
                try look(next, path, depth + 1)
            }
        }
        try look(root, "", 0)
        return found
    }
}

/// How much one step may copy or look at.
struct CopyBudget {
    private var entries = 200_000
    private var bytes = 1 << 30

    mutating func take(bytes count: Int) throws(StepError) {
        entries -= 1
        bytes -= count
        guard entries >= 0, bytes >= 0 else {
            throw .wrong("more than 200000 files or 1 GiB at once; name a smaller directory")
        }
    }
}
