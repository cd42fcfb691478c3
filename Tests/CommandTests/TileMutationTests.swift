import EventLog
import Foundation
import Glibc
import Testing
import Transparency

/// What a ledger publishes is accepted by the independent checker, and nothing that differs is.
@Suite struct TileMutationTests {
    /// The tiles of the main job's ledger, published at three sizes; nobody changes them.
    private static let published = Task { try await Published.made() }

    private struct Published: Sendable {
        let place: LedgerDirectory
        let key: String

        static func made() async throws -> Published {
            let shop = try await MainJob.done.shop.copied()
            let place = shop.place
            // A copy gets modes by the mask; only the owner may read a key.
            try Files.setMode(0o600, of: place.ledger + "/signing.key")
            let key = try await place.run("ledger", "key").checked().output
            for name in ["one", "two", "three"] {
                _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
                _ = try await place.run("bookmark", name).checked()
            }
            _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
            return Published(place: place, key: key.filter { $0 != "\n" })
        }

        /// Runs the checker once on a copy for each change; its verdicts by the changes' numbers.
        func check(_ changes: [Change]) async throws -> (code: Int, verdicts: [String]) {
            let folder = try TemporaryDirectory()
            for (number, change) in changes.enumerated() {
                let copy = folder.sub("\(number)")
                try Files.copy(place.directory.sub("tiles"), to: copy)
                try change.make(copy)
            }
            let names = changes.indices.map { "\($0)" }
            let ending = try await Checker.run(
                ["tiles"] + names + ["--key", key],
                in: folder.path
            )
            return (ending.code, ending.output.split(separator: "\n").map(String.init))
        }
    }

    /// Something that is done to tiles.
    private struct Change: Sendable {
        let name: String
        let make: @Sendable (_ tiles: String) throws -> Void
    }

    @Test func `the tiles of a real ledger are accepted`() async throws {
        let published = try await Self.published.value
        let (code, verdicts) = try await published.check([Change(name: "none") { _ in }])
        #expect(code == 0, "\(verdicts)")
        let size = try published.place.state().size
        #expect(size > 256)
        #expect(verdicts.first?.hasPrefix("OK: 0: waybill/") == true)
        #expect(verdicts.first?.contains(" has \(size) events, all in their places") == true)
    }

    @Test func `each single change is rejected`() async throws {
        let published = try await Self.published.value
        let changes = try changes(of: published.place.directory.sub("tiles"))
        #expect(changes.count >= 30)
        let (code, verdicts) = try await published.check(changes)
        #expect(code == 1 && verdicts.count == changes.count)
        for (number, (change, verdict)) in zip(changes, verdicts).enumerated() {
            #expect(verdict.hasPrefix("NOT OK: \(number): "), "\(change.name): \(verdict)")
        }
    }

    private func changes(of tiles: String) throws -> [Change] {
        let all = try files(tiles)
        let width = try published(width: all)
        var changes: [Change] = []
        for file in all {
            // Of an earlier checkpoint: nobody has that any more, so it may be missing.
            let isEarlier =
                file.contains(".p/") && !file.hasSuffix(".p/\(width)")
                && !file.hasPrefix("tile/1/")
            changes += [
                edit("first byte of \(file)", file) { $0[0] ^= 1 },
                edit("a byte within \(file)", file) { $0[$0.count / 2] ^= 0x10 },
                edit("last byte of \(file)", file) { $0[$0.count - 1] ^= 2 },
            ]
            if file != "checkpoint" {
                changes.append(edit("\(file) longer", file) { $0.append(0) })
                changes.append(edit("\(file) shorter", file) { $0.removeLast() })
                if !isEarlier {
                    changes.append(
                        Change(name: "\(file) missing") { tiles in
                            try FileManager.default.removeItem(atPath: "\(tiles)/\(file)")
                        }
                    )
                }
            }
        }
        changes += [
            edit("two hashes exchanged", "tile/0/000") { bytes in
                bytes = Array(bytes[32..<64] + bytes[..<32] + bytes[64...])
            },
            edit("two events exchanged", "tile/entries/000") { bytes in
                let first = 2 + Int(bytes[0]) << 8 + Int(bytes[1])
                let second = first + 2 + Int(bytes[first]) << 8 + Int(bytes[first + 1])
                bytes = Array(bytes[first..<second] + bytes[..<first] + bytes[second...])
            },
            edit("an event twice", "tile/entries/000") { bytes in
                let first = 2 + Int(bytes[0]) << 8 + Int(bytes[1])
                bytes = Array(bytes[..<first]) + bytes
            },
            line("another origin", 0) { $0 + "x" },
            line("a smaller size", 1) { "\((Int($0) ?? 0) - 1)" },
            line("a larger size", 1) { "\((Int($0) ?? 0) + 1)" },
            line("a size with a zero before it", 1) { "0" + $0 },
            line("another root", 2) { _ in Base64.encode(Digest.sha256([]).bytes) },
            line("another name in the signature", 4) { $0.replacing("waybill", with: "waybull") },
        ]
        return changes
    }

    private func edit(
        _ name: String,
        _ file: String,
        _ change: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> Change {
        Change(name: name) { tiles in
            var bytes = try Files.bytes("\(tiles)/\(file)")
            change(&bytes)
            try Files.write(bytes, to: "\(tiles)/\(file)")
        }
    }

    private func line(
        _ name: String,
        _ number: Int,
        _ change: @escaping @Sendable (String) -> String
    ) -> Change {
        Change(name: name) { tiles in
            let text = try Files.text("\(tiles)/checkpoint")
            var lines = text.components(separatedBy: "\n")
            lines[number] = change(lines[number])
            try Files.write(lines.joined(separator: "\n"), to: "\(tiles)/checkpoint")
        }
    }

    private func files(_ folder: String) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return paths.filter { path in
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(
                atPath: "\(folder)/\(path)",
                isDirectory: &isFolder
            )
            return !isFolder.boolValue
        }.sorted()
    }

    /// How wide the last tile of the newest checkpoint is.
    private func published(width files: [String]) throws -> Int {
        let widths = files.compactMap { file -> Int? in
            file.hasPrefix("tile/0/001.p/") ? Int(file.dropFirst("tile/0/001.p/".count)) : nil
        }
        #expect(widths.count == 4)
        return try #require(widths.max())
    }

    @Test func `whenever publishing is killed, what is there is complete for its checkpoint`()
        async throws
    {
        var generator = Seeded(state: .random(in: .min ... .max))
        let seed = generator.state
        let ledger = try await SigningLedger(eventCount: 3000)
        let (place, key) = (ledger.place, ledger.key.verifier.text)
        var killCount = 0
        for round in 0..<40 {
            try await ledger.append(50 * round, as: "round-\(round)")
            // Later and later, so that it is killed everywhere.
            let delay = Int.random(in: 1000...(4000 + round * 3000), using: &generator)
            let ending = try await Program.run(
                Program.waybill,
                ["ledger", "tiles", "--out", "tiles"] + (round % 3 == 0 ? ["--complete"] : []),
                in: place.path
            ) { program in
                try await Task.sleep(for: .microseconds(delay))
                program.send(SIGKILL)
            }
            if ending.code == 128 + Int(SIGKILL) { killCount += 1 }
            if FileManager.default.fileExists(atPath: place.directory.sub("tiles/checkpoint")) {
                let verdict = try await Checker.run("tiles", "tiles", "--key", key, in: place.path)
                #expect(verdict.code == 0, "seed \(seed), round \(round): \(verdict.output)")
            }
        }
        #expect(killCount > 0, "seed \(seed)")
        _ = try await place.run("ledger", "tiles", "--out", "tiles").checked()
        let verdict = try await Checker.run("tiles", "tiles", "--key", key, in: place.path)
        #expect(verdict.code == 0, "\(verdict.output)")
    }
}
