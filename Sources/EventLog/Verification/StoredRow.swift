import LMDB
import Wire

/// What a row of `headers` comes to.
struct StoredHeader {
    /// Its leaf; nil if the row's pages cannot be read.
    let leaf: Digest?
    /// What it says; nil if it is not canonical.
    let view: HeaderView?
    /// Why it is not.
    let fault: String

    /// The row that a scan is at.
    init(_ scan: borrowing TableScan) {
        guard let bytes = scan.value else {
            (leaf, view, fault) = (nil, nil, "cannot be read from its pages")
            return
        }
        leaf = .leaf(bytes)
        view = HeaderView(canonical: bytes)
        fault = view == nil ? Self.fault(of: bytes) : ""
    }

    private static func fault(of bytes: Span<UInt8>) -> String {
        do throws(WireError) {
            _ = try Header(decoding: bytes)
            return "is not written as this version writes headers"
        } catch {
            return "cannot be read, \(error)"
        }
    }
}

extension HeaderView {
    /// The header that a scan is at; nil if it is at none, or at one that is not canonical.
    init?(at scan: borrowing TableScan) {
        guard scan.isAtRow, let bytes = scan.value else { return nil }
        self.init(canonical: bytes)
    }
}

/// What a row of `payloads` is, beside its header.
enum PayloadState {
    case sound
    /// Only the position of the event that says why is left of it.
    case redacted(Position)
    case faulty(String)

    /// The row that a scan is at, where the header says this hash.
    init(_ scan: borrowing TableScan, _ hash: Digest) {
        guard let bytes = scan.value else {
            self = .faulty("cannot be read from its pages")
            return
        }
        if let redaction = StoredBody.redaction(bytes) {
            self = .redacted(redaction)
        } else if Digest.sha256(bytes) != hash {
            self = .faulty("has another hash than its header says")
        } else if bytes.count < StoredBody.saltByteCount {
            self = .faulty("has no salt")
        } else {
            self = .sound
        }
    }
}

extension Digest {
    /// The hash that a scan is at; nil if it is none.
    init?(at scan: borrowing TableScan) {
        guard let bytes = scan.value else { return nil }
        self.init(bytes: bytes)
    }
}

extension CommandRow {
    /// The row of `commands` that a scan is at; nil if it is none.
    init?(at scan: borrowing TableScan) {
        guard scan.isAtRow, let bytes = scan.value else { return nil }
        self.init(bytes)
    }
}
