import Glibc
import Requests

/// What the process was given besides its arguments.
enum Environment {
    /// A variable that is set and not empty.
    static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// All variables whose names begin with `WAYBILL_`, as they were when the process began.
    static func ofWaybill() -> [String: String] {
        let file = unsafe open("/proc/self/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [:] }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard entry.starts(with: "WAYBILL_".utf8), let equals = entry.firstIndex(of: 0x3d),
                let value = String(validating: entry[(equals + 1)...], as: UTF8.self)
            else { continue }
            variables[String(decoding: entry[..<equals], as: UTF8.self)] = value
        }
        return variables
    }

    /// The name of the account, as the system knows it.
    static var login: String { AccountName.of(getuid()) }
}
