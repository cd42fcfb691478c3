import Glibc
import LMDB

/// A directory of a test's own, removed with everything in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/waybill-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        Self.remove(path)
    }

    /// A path inside.
    func sub(_ name: String) -> String { path + "/" + name }

    private static func remove(_ path: String) {
        if let directory = unsafe opendir(path) {
            unsafe closedir(directory)
            for name in (try? StoreDirectory(path).names()) ?? [] { remove(path + "/" + name) }
            unsafe rmdir(path)
        } else {
            unsafe unlink(path)
        }
    }
}

/// Why a test could not even be set up.
struct TestFailure: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

/// Reads and writes whole files, as a vandal would.
enum Files {
    static func bytes(_ path: String) throws -> [UInt8] {
        let file = unsafe open(path, O_RDONLY)
        guard file >= 0 else { throw TestFailure("open \(path): \(errno)") }
        defer { close(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw TestFailure("open \(path): \(errno)") }
        defer { close(file) }
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes[offset...].withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw TestFailure("write \(path): \(errno)") }
            offset += count
        }
    }

    static func makeDirectory(_ path: String) {
        unsafe mkdir(path, 0o755)
    }
}
