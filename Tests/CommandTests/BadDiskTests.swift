import Foundation
import Glibc
import Testing

/// A disk that takes nothing: read-only, or full.
@Suite struct BadDiskTests {
    private static let folder = "cli/errors"

    @Test func `a read-only directory can be read, and refuses writers`() async throws {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        let mount = "mount --bind ledger ledger && mount -o remount,ro,bind ledger"
        guard try await Namespace.canMount(mount, in: place) else {
            return Notice.skipped("a read-only file system: no mounts in user namespaces here")
        }
        let reading = try await Namespace.run(mount, "exec \"$0\" get stages", in: place)
        #expect(reading.code == 0, "\(reading.errors)")
        #expect(reading.output.contains("dev"))
        let commands = ["apply -f -", "run --until-idle", "promote --stage dev --freight abcdef"]
        for command in commands {
            let ending = try await Namespace.run(mount, "exec \"$0\" \(command)", in: place)
            try Failure.expect(ending, code: 1, Self.folder, "read-only")
        }
        #expect(try place.state() == before)
    }

    @Test func `a directory without permission to write refuses writers`() async throws {
        // Permissions do not bind root; the test above does the same with a read-only mount.
        guard getuid() != 0 else { return }
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        try Files.setMode(0o444, of: place.ledger + "/writer.lock")
        try Files.setMode(0o555, of: place.ledger)
        let ending = try await place.apply(Manifest.warehouse("search"))
        try Failure.expect(ending, code: 1, Self.folder, "read-only")
        try Files.setMode(0o755, of: place.ledger)
        #expect(try place.state() == before)
    }

    @Test func `a full disk records nothing and says so, and with space the command is accepted`()
        async throws
    {
        let place = try LedgerDirectory()
        try Files.makeDirectory(place.ledger)
        let mount = "mount -t tmpfs -o size=1m tmpfs ledger"
        guard try await Namespace.canMount(mount, in: place) else {
            return Notice.skipped("a full disk: no mounts in user namespaces here")
        }
        try Files.write(Manifest.small, to: place.directory.sub("small.yaml"))
        let many = (0..<200).map { Manifest.warehouse("w\($0)") }.joined(separator: "---\n")
        try Files.write(many, to: place.directory.sub("many.yaml"))
        let script = """
            set -u
            "$0" init >/dev/null && "$0" apply -f small.yaml >/dev/null || exit 90
            "$0" ledger info -o json >before.json || exit 91
            cat /dev/zero >ledger/filler 2>/dev/null
            "$0" apply -f many.yaml --command-id full-1 >out 2>err
            echo $? >code
            "$0" ledger info -o json >after.json || exit 92
            rm ledger/filler
            "$0" apply -f many.yaml --command-id full-1 -o json >again.json || exit 93
            "$0" ledger verify || exit 94
            """
        let ending = try await Namespace.run(mount, script, in: place)
        #expect(ending.code == 0, "\(ending.output) \(ending.errors)")
        func text(_ name: String) throws -> String { try Files.text(place.directory.sub(name)) }
        #expect(try text("code") == "1\n")
        #expect(try text("out").isEmpty)
        try Golden.expect(try text("err"), Self.folder, "disk-full")
        let (before, after) = (
            try JSON(parsing: try text("before.json")), try JSON(parsing: try text("after.json"))
        )
        #expect(before["events"].int == 3)
        #expect(after["events"] == before["events"])
        #expect(after["root"] == before["root"])
        let again = try JSON(parsing: try text("again.json"))
        #expect(again["positions"] == .array([.number(4), .number(203)]))
        #expect(again["duplicate"] == .bool(false))
    }

    @Test func `an answer that cannot be written is a failure with a sentence`() async throws {
        let place = try await LedgerDirectory.applied()
        let ending = try await Program.run(
            "sh",
            ["-c", "exec \"$0\" get stages >/dev/full", Program.waybill],
            in: place.path
        )
        try Failure.expect(ending, code: 1, Self.folder, "output-full")
    }

    @Test func `when nobody reads the answer any more, the program ends quietly`() async throws {
        let place = try await LedgerDirectory.applied()
        let script = """
            { "$0" get events -o json; echo $? >code; } 2>err | true
            "$0" ledger verify >/dev/null
            """
        for _ in 0..<5 {
            let arguments = ["-c", script, Program.waybill]
            _ = try await Program.run("sh", arguments, in: place.path).checked()
            #expect(try Files.text(place.directory.sub("code")) == "0\n")
            #expect(try Files.text(place.directory.sub("err")).isEmpty)
        }
    }
}

/// A mount namespace of a test's own, in which it may mount what it likes.
enum Namespace {
    /// Whether this machine allows it.
    static func canMount(_ mount: String, in place: LedgerDirectory) async throws -> Bool {
        let arguments = ["-rm", "sh", "-c", mount]
        guard let ending = try? await Program.run("unshare", arguments, in: place.path) else {
            return false
        }
        return ending.code == 0
    }

    /// Runs a script, for which `$0` is waybill, after `mount`.
    static func run(
        _ mount: String,
        _ script: String,
        in place: LedgerDirectory
    ) async throws -> Ending {
        try await Program.run(
            "unshare",
            ["-rm", "sh", "-c", "\(mount) && cd . && \(script)", Program.waybill],
            in: place.path,
            input: Array(Manifest.warehouse("search").utf8)
        )
    }
}

/// What a reader of the tests' output must know.
enum Notice {
    /// Says that something could not be tested here.
    static func skipped(_ what: String) {
        try? FileHandle.standardError.write(contentsOf: Data("skipped: \(what)\n".utf8))
    }
}
