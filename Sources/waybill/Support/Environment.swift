import Glibc

/// What the process was given besides its arguments.
enum Environment {
    /// A variable that is set and not empty.
    static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The name of the account, as the system knows it.
    static var login: String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        let code = unsafe getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found)
        if code == 0, unsafe found != nil, let name = unsafe entry.pw_name {
            return unsafe String(cString: name)
        }
        return "uid-\(getuid())"
    }
}
