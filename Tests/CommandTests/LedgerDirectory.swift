import EventLog
import Foundation
import Synchronization

/// A ledger in a directory of a test's own, and the commands that a user would type there.
struct LedgerDirectory: Sendable {
    let directory: TemporaryDirectory
    /// The folder that commands are typed in; the ledger is `ledger` in it.
    var path: String { directory.path }
    var ledger: String { directory.sub("ledger") }

    /// A directory without a ledger.
    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A directory with an empty ledger.
    static func made() async throws -> LedgerDirectory {
        let made = try LedgerDirectory()
        _ = try await made.run("init").checked()
        return made
    }

    /// A directory with a ledger to which manifests were applied.
    static func applied(_ manifests: String = Manifest.small) async throws -> LedgerDirectory {
        let made = try await made()
        _ = try await made.apply(manifests).checked()
        return made
    }

    /// Types `waybill …`.
    func run(
        _ arguments: String...,
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await run(arguments, input: input, environment: environment)
    }

    /// Types `waybill …`.
    func run(
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await Program.run(
            Program.waybill,
            arguments,
            in: path,
            input: input,
            environment: environment
        )
    }

    /// Types `waybill apply -f -` with manifests on standard input.
    func apply(_ manifests: String, _ options: String...) async throws -> Ending {
        try await run(["apply", "-f", "-"] + options, input: Array(manifests.utf8))
    }

    /// Size and root of the log.
    func state() throws -> LogState {
        try LogState(of: ledger)
    }
}

/// What must be the same before and after a command that is refused or fails.
struct LogState: Hashable, Sendable {
    let size: UInt64
    let root: Digest

    /// The log in `ledger`, opened for reading and closed again.
    init(of ledger: String) throws {
        self = try Self.oneAtATime.withLock { _ in
            let log = try EventLog.open(at: ledger, access: .read)
            return try log.read { (snapshot) throws(EventLogError) in
                LogState(size: snapshot.head.position.rawValue, root: snapshot.root)
            }
        }
    }

    /// A process may have a ledger open once only, and tests share some.
    private static let oneAtATime = Mutex(())

    private init(size: UInt64, root: Digest) {
        self.size = size
        self.root = root
    }
}

/// Manifests that tests apply.
enum Manifest {
    /// A project with a warehouse and a stage, nothing of which can be looked at.
    static let small = """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Project
        metadata: {name: shop}
        ---
        \(warehouse("checkout"))---
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Stage
        metadata: {name: dev, namespace: shop}
        spec:
          requestedFreight:
          - origin: {kind: Warehouse, name: checkout}
            sources: {direct: true}
          promotionTemplate:
            spec:
              steps:
              - uses: git-clone
                config:
                  repoURL: https://git.example.com/gitops.git
                  checkout: [{branch: main, path: gitops}]

        """

    /// A warehouse that looks every so often.
    static func warehouse(
        _ name: String,
        in project: String = "shop",
        interval: String = "5m"
    ) -> String {
        """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Warehouse
        metadata: {name: \(name), namespace: \(project)}
        spec:
          interval: \(interval)
          subscriptions:
          - git: {repoURL: "https://git.example.com/\(name).git", branch: main}

        """
    }
}
