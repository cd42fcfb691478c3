package import EventLog

/// Why something could not be signed, proved, published or believed.
package enum TransparencyError: Error, Hashable, Sendable {
    /// The log's own failure.
    case log(EventLogError)
    /// Text that is not of the format that it should be; the rest of a sentence: "… is no …".
    case malformed(String)
    /// A note that none of the keys that are trusted has signed; who did, by name and key id.
    case unknownSignature(by: [String], expected: [String])
    /// A note with a signature by a trusted key that does not verify.
    case brokenSignature(by: String)
    /// A checkpoint of another log.
    case otherOrigin(String, expected: String)
    /// A proof that does not prove what it should; the rest of a sentence.
    case notProven(String)
    /// A checkpoint that is to be the older one, and is the newer one.
    case notOlder(size: UInt64, newer: UInt64)
    /// A checkpoint of this log's name that this log does not extend.
    case notExtended(Checkpoint, size: UInt64, root: Digest?)
    /// The ledger has no key, or its key file is not there.
    case keyMissing(path: String)
    /// Others than the owner may read the key file.
    case keyReadable(path: String, mode: UInt32)
    /// The key file does not hold a key, or another one than the ledger names.
    case keyUnusable(path: String, what: String)
    /// There is a key already.
    case keyPresent(path: String, origin: String)
    /// A name that cannot be the origin of a log.
    case badOrigin(String)
    /// The last signed checkpoint is not beside the key.
    case lastCheckpointMissing(path: String)
    /// The last signed checkpoint, in the store or beside the key, cannot be read.
    case lastCheckpointUnusable(path: String, what: String)
    /// More events were signed than there are, or other ones: this is a restored or changed copy.
    case olderThanSigned(path: String, signed: UInt64, size: UInt64)
    /// The events that were signed are not those that there are.
    case otherThanSigned(path: String, signed: UInt64)
    /// No signed checkpoint covers what is to be proved.
    case notSignedYet(Position, size: UInt64)
    /// Another process publishes to the folder.
    case publishing(path: String)
    /// The folder to publish to holds other things.
    case folderInUse(path: String, by: String)
    /// A file or folder could not be read or written.
    case file(path: String, operation: String, code: Int32)
}

extension TransparencyError: EventLogFailure {
    package init(log: EventLogError) {
        self = .log(log)
    }
}

/// Runs `body`, whose failures of the log become failures of this room.
func fromLog<T>(_ body: () throws(EventLogError) -> T) throws(TransparencyError) -> T {
    do throws(EventLogError) { return try body() } catch { throw .log(error) }
}
