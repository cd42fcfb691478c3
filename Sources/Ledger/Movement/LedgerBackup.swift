package import EventLog
package import LMDB

/// Why there is no backup, or nothing was restored.
package enum MovementFailure: Error, Hashable, Sendable {
    /// The ledger, or the copy, cannot be read.
    case ledger(LedgerError)
    /// The copy cannot be written.
    case place(StagingError)
    /// What was copied is not sound; the findings about it.
    case unsound([VerificationFinding])
    /// What was copied is not what somebody says it is; a sentence's middle.
    case different(String)
    /// It can be done, but not so; a sentence's middle that says what to do.
    case unsuitable(String)
}

/// What a copy of a ledger is.
package struct LedgerCopy: Hashable, Sendable {
    /// The ledger's id.
    package let id: LedgerID
    /// The end of its log.
    package let head: LogHead
    /// Its root.
    package let root: Digest
    /// Bytes of the file.
    package let byteCount: UInt64
}

/// How far the making of a copy is.
package enum CopyProgress: Sendable {
    /// Bytes that are copied, of about so many.
    case copying(done: UInt64, size: UInt64)
    /// Events that are verified, of so many.
    case verifying(done: UInt64, size: UInt64)
}

extension Ledger {
    /// Copies the ledger as it is now into `data.mdb` of a directory that is being made, and
    /// verifies the copy: its end is one that this ledger had, and every hash in it is right.
    ///
    /// Others read and write meanwhile. `byteRate` bytes a second at most go to the disk.
    package func copy(
        into staged: StagedDirectory,
        byteRate: Int?,
        progress: (CopyProgress) -> Void = { _ in }
    ) throws(MovementFailure) -> LedgerCopy {
        let size: UInt64
        do throws(EventLogError) {
            size = try log.usedByteCount()
        } catch {
            throw .ledger(.log(error))
        }
        let unfinished = staged.path + "/copy"
        do throws(CopyFailure) {
            try log.copy(to: unfinished, byteRate: byteRate) { done in
                progress(.copying(done: min(done, size), size: size))
            }
        } catch {
            switch error {
            case .source(let error): throw .ledger(.log(EventLogError(error)))
            case .target(let error): throw .place(StagingError(error.code, path: staged.target))
            }
        }
        let copy = try LedgerCopy.verified(unfinished, in: staged, progress)
        try isPast(copy)
        return copy
    }

    /// Checks that this ledger once ended as the copy does.
    private func isPast(_ copy: LedgerCopy) throws(MovementFailure) {
        let root: Digest
        do throws(EventLogError) {
            root = try log.read { (snapshot) throws(EventLogError) in
                try snapshot.root(at: copy.head.position)
            }
        } catch {
            throw .ledger(.log(error))
        }
        guard root == copy.root, copy.id == log.id else {
            throw .different("the copy has another root than the ledger had at that size")
        }
    }
}

extension LedgerCopy {
    /// Gives a complete data file its name in the directory that is being made, opens it as a
    /// ledger and checks every event and hash.
    package static func verified(
        _ file: String,
        in staged: StagedDirectory,
        _ progress: (CopyProgress) -> Void
    ) throws(MovementFailure) -> LedgerCopy {
        let byteCount: UInt64
        do throws(StagingError) {
            byteCount = try staged.rename(file, to: "data.mdb")
        } catch {
            throw .place(error)
        }
        let (copy, findings) = try check(staged.path, byteCount, progress)
        guard findings.isEmpty else { throw .unsound(findings) }
        // Whoever opens the copy makes a lock file of its own.
        staged.removeFile("lock.mdb")
        return copy
    }

    private static func check(
        _ path: String,
        _ byteCount: UInt64,
        _ progress: (CopyProgress) -> Void
    ) throws(MovementFailure) -> (LedgerCopy, [VerificationFinding]) {
        do throws(EventLogError) {
            let log = try EventLog.open(at: path, access: .read)
            let findings = try log.verifyWithRedactions {
                progress(.verifying(done: $0, size: $1))
            }
            let (head, root) = try log.read { (snapshot) throws(EventLogError) in
                (snapshot.head, snapshot.root)
            }
            let copy = LedgerCopy(id: log.id, head: head, root: root, byteCount: byteCount)
            return (copy, findings)
        } catch {
            throw .ledger(.log(error))
        }
    }
}
