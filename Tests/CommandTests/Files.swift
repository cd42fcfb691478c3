import Foundation
import Glibc
import Synchronization

/// A directory of a test's own, removed with everything in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/waybill-cli-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = path
        Self.living.withLock { _ = $0.insert(path) }
        Self.removesTheRest
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        let path = path
        Self.living.withLock { _ = $0.remove(path) }
    }

    /// Directories that are still there.
    private static let living = Mutex<Set<String>>([])

    /// What all tests share lives until the process ends, and is removed then.
    private static let removesTheRest: Void = {
        atexit {
            let paths = TemporaryDirectory.living.withLock { $0 }
            for path in paths { try? FileManager.default.removeItem(atPath: path) }
        }
    }()

    /// A path inside.
    func sub(_ name: String) -> String { path + "/" + name }
}

/// Reads and writes whole files.
enum Files {
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TestFailure("\(path) cannot be read")
        }
        return Array(data)
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw TestFailure("\(path) cannot be written")
        }
    }

    static func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    static func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    static func move(_ path: String, to target: String) throws {
        try FileManager.default.moveItem(atPath: path, toPath: target)
    }

    /// Copies a file, or a directory with all in it but sockets: at those, servers listen.
    static func copy(_ path: String, to target: String) throws {
        let manager = FileManager.default
        let attributes = try manager.attributesOfItem(atPath: path)
        var kept: [FileAttributeKey: Any] = [:]
        kept[.posixPermissions] = attributes[.posixPermissions]
        switch attributes[.type] as? FileAttributeType {
        case .typeDirectory: break
        case .typeRegular:
            // copyItem never ends where the file gets shorter meanwhile, as writer.lock may.
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard manager.createFile(atPath: target, contents: data, attributes: kept) else {
                throw TestFailure("cannot copy \(path) to \(target)")
            }
            return
        default:
            try manager.copyItem(atPath: path, toPath: target)
            return
        }
        try manager.createDirectory(
            atPath: target,
            withIntermediateDirectories: false,
            attributes: kept
        )
        for name in try names(path) {
            let (item, copied) = ("\(path)/\(name)", "\(target)/\(name)")
            let type = try? manager.attributesOfItem(atPath: item)[.type] as? FileAttributeType
            // It may be gone by now, too: a server takes its socket with it.
            guard let type, type != .typeSocket else { continue }
            try copy(item, to: copied)
        }
    }

    /// Waits until there is something at a path.
    static func appear(_ path: String) async throws {
        while !FileManager.default.fileExists(atPath: path) {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    static func truncate(_ path: String, to byteCount: Int) throws {
        guard unsafe Glibc.truncate(path, byteCount) == 0 else {
            throw TestFailure("truncate \(path): \(errno)")
        }
    }

    /// Writes into a file that others have mapped, without cutting it off first.
    static func overwrite(_ path: String, with bytes: [UInt8]) throws {
        let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw TestFailure("open \(path): \(errno)") }
        defer { close(file) }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(file, $0.baseAddress, $0.count, 0)
        }
        guard count == bytes.count else { throw TestFailure("write \(path): \(errno)") }
    }

    static func setMode(_ mode: mode_t, of path: String) throws {
        guard unsafe chmod(path, mode) == 0 else { throw TestFailure("chmod \(path): \(errno)") }
    }
}
