import LMDB

/// Keeps other processes out of a mirror while this one works in it.
///
/// `waybill run` and `waybill discover` may look at one repository at the same time. Within a
/// process callers wait for each other before they come here.
enum MirrorLock {
    /// Performs `body` while no other process works in `mirror`.
    static func perform<Value: Sendable>(
        _ mirror: String,
        of url: String,
        _ body: () async throws(DiscoveryError) -> Value
    ) async throws(DiscoveryError) -> Value {
        let lock: FileLock
        let slash = mirror.lastIndex(of: "/") ?? mirror.startIndex
        do {
            let directory = StoreDirectory(String(mirror[..<slash]))
            lock = try FileLock(
                String(mirror[mirror.index(after: slash)...]) + ".lock",
                in: directory
            )
        } catch {
            throw .unreachable(repoURL: url, reason: "its mirror cannot be locked (\(error))")
        }
        while !lock.tryLock() {
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw .tookTooLong(repoURL: url, reason: "another process looks at it")
            }
        }
        defer { lock.unlock() }
        return try await body()
    }
}
