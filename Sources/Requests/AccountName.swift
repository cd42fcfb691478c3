import Glibc

/// What the system calls an account.
package enum AccountName {
    /// The name of the account with this number; `uid-N` where it has none.
    package static func of(_ number: UInt32) -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        let code = unsafe getpwuid_r(number, &entry, &buffer, buffer.count, &found)
        if code == 0, unsafe found != nil, let name = unsafe entry.pw_name {
            return unsafe String(cString: name)
        }
        return "uid-\(number)"
    }
}
