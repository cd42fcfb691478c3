import Glibc

/// Why something new could not be put in its place.
package struct StagingError: Error, Hashable, Sendable {
    /// Why.
    package enum Code: Hashable, Sendable {
        /// There is something at the target already.
        case exists
        /// The directory above the target does not exist.
        case noParent
        /// Another process makes the same.
        case busy
        /// The file system is full.
        case diskFull
        /// The account may not write there.
        case permission
        /// The file system is mounted read-only.
        case readOnly
        /// What is to be read is not there.
        case missing
        /// Anything else: an `errno`.
        case other(Int32)
    }

    /// Why.
    package let code: Code
    /// What it is about.
    package let path: String

    /// A failure at `path`.
    package init(_ code: Code, path: String) {
        self.code = code
        self.path = path
    }

    /// The failure that an `errno` tells of.
    package init(errno code: Int32, path: String) {
        let meaning: Code =
            switch code {
            case ENOSPC, EDQUOT: .diskFull
            case EEXIST, ENOTEMPTY: .exists
            case EACCES, EPERM: .permission
            case EROFS: .readOnly
            case ENOENT: .missing
            default: .other(code)
            }
        self.init(meaning, path: path)
    }
}

extension StagingError: CustomStringConvertible {
    package var description: String {
        switch code {
        case .exists: "\(path) is there already; name something that is not there yet"
        case .noParent:
            "\(path) cannot be made: the directory above it does not exist; make that first"
        case .busy: "another process is making \(path); wait for it or end it"
        case .diskFull:
            "\(path) cannot be written: the disk is full, and nothing is left there; make room, or "
                + "write elsewhere"
        case .permission: "\(path) cannot be used: permission denied; name another path"
        case .readOnly:
            "\(path) cannot be written: its file system is read-only; write elsewhere"
        case .missing: "\(path) is not there; name a path that exists"
        case .other(let code):
            "\(path) cannot be used: \(unsafe String(cString: strerror(code))); name another path"
        }
    }
}
