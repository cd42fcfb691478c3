private import Glibc
import PromotionModel

extension WorkDirectory {
    /// Copies a file, or all that is in a directory into another one; what is there already stays
    /// or is replaced.
    ///
    /// Permissions are kept. Symbolic links, pipes and what git keeps for itself are left out, and
    /// so is what `ignores` says, which is asked with the path relative to `source` and whether it
    /// is a directory.
    func copy(
        _ source: String,
        to destination: String,
        ignores: @escaping (_ path: [String], _ isDirectory: Bool) -> Bool
    ) throws(StepError) {
        let from = try Self.components(of: source)
        let into = try Self.components(of: destination)
        guard let kind = try kind(of: source) else {
            throw .wrong("there is no \(Self.shown(source)) to copy")
        }
        var copying = Copying(ignores: ignores)
        switch kind {
        case .link: throw Self.link(source)
        case .other: throw .wrong("\(Self.shown(source)) is neither a file nor a directory")
        case .directory:
            guard !into.starts(with: from) else {
                throw .wrong(
                    "\(Self.shown(destination)) is in \(Self.shown(source)), which cannot hold its "
                        + "own copy"
                )
            }
            let origin = try openDirectory(from[...], of: source)
            defer { origin.close() }
            let target = try makeDirectories(into, of: destination)
            defer { target.close() }
            try copying.contents(of: origin, to: target, at: [])
        case .file:
            guard let name = from.last, let newName = into.last else {
                throw .wrong("\(Self.shown(destination)) is a directory; name a file")
            }
            if from == into || ignores([name], false) { return }
            let origin = try openDirectory(from.dropLast(), of: source)
            defer { origin.close() }
            let target = try makeDirectories(into.dropLast(), of: destination)
            defer { target.close() }
            if target.kind(of: FileName(newName)) == .directory {
                throw .wrong("\(Self.shown(destination)) is a directory; name a file")
            }
            try copying.file(FileName(name), of: origin, to: FileName(newName), of: target)
        }
    }
}

/// A copy under way.
private struct Copying {
    let ignores: (_ path: [String], _ isDirectory: Bool) -> Bool
    private var budget = CopyBudget()
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(ignores: @escaping (_ path: [String], _ isDirectory: Bool) -> Bool) {
        self.ignores = ignores
    }

    mutating func contents(
        of origin: Descriptor,
        to target: Descriptor,
        at path: [String]
    ) throws(StepError) {
        guard path.count < 100 else {
            throw .wrong("\(path.prefix(3).joined(separator: "/"))/… is nested over 100 levels")
        }
        for name in origin.names where !name.isGit {
            let place = path + [name.text]
            switch origin.kind(of: name) {
            case .directory:
                if ignores(place, true) { continue }
                try budget.take(bytes: 0)
                guard let from = origin.openDirectory(name) else { continue }
                defer { from.close() }
                guard let into = target.makeDirectory(name) else {
                    throw WorkDirectory.failure("make", place.joined(separator: "/"))
                }
                defer { into.close() }
                try contents(of: from, to: into, at: place)
            case .file where !ignores(place, false):
                try file(name, of: origin, to: name, of: target)
            case .file, .link, .other, nil: continue
            }
        }
    }

    mutating func file(
        _ name: FileName,
        of origin: Descriptor,
        to newName: FileName,
        of target: Descriptor
    ) throws(StepError) {
        guard let from = origin.openFile(name, flags: O_RDONLY), let byteCount = from.byteCount
        else { throw WorkDirectory.failure("read", name.text) }
        defer { from.close() }
        try budget.take(bytes: byteCount)
        guard let into = target.makeFile(newName, mode: 0o600), into.byteCount != nil else {
            throw WorkDirectory.failure("write", newName.text)
        }
        defer { into.close() }
        while let count = from.read(&buffer), count > 0 {
            guard into.write(buffer[..<count]) else {
                throw WorkDirectory.failure("write", newName.text)
            }
        }
        into.permissions = from.permissions
    }
}
