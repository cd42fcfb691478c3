import Foundation
import Glibc
import Testing

/// Automation and promotions in the server's process.
@Suite struct ServedAutomation {
    @Test func `what is discovered is promoted, and told to whoever follows`() async throws {
        let shop = try await SmallShop.made()
        let options = ["--allow-file-repos"]
        let ending = try await RunningServer.serve(shop.place, options) { server in
            for _ in 0..<600 {
                let stage = try server.get("/v1/projects/shop/stages/dev").json
                if !stage["current"].isNull { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            let stage = try server.get("/v1/projects/shop/stages/dev").json
            #expect(stage["current"]["components"].items.count == 1)
            // One process holds the automation.
            let other = try await shop.place.run("run", "--until-idle", "--allow-file-repos")
            #expect(other.code == 1)
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }

    /// A git that hangs in its first push, and leaves a file to tell.
    private static func hangingGit(_ folder: String, _ path: String) -> String {
        """
        #!/bin/sh
        PATH='\(path)'
        case " $* " in *' push '*)
            if [ ! -e '\(folder)/hangs' ]; then
                : >'\(folder)/hangs'
                sleep 60
            fi ;;
        esac
        exec git "$@"

        """
    }

    @Test(.doesNotHang, arguments: [SIGKILL, SIGTERM])
    func `a step in whose middle the server ends is taken over by the next start`(
        _ signal: CInt
    ) async throws {
        let shop = try await SmallShop.made()
        let folder = shop.place.directory.sub("bin")
        try Files.makeDirectory(folder)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        try Files.write(Self.hangingGit(folder, path), to: "\(folder)/git")
        try Files.setMode(0o755, of: "\(folder)/git")
        let before = try await shop.git("rev-parse", "main")
        let options = ["--allow-file-repos"]
        let environment = ["PATH": "\(folder):\(path)"]
        _ = try await RunningServer.serve(shop.place, options, environment: environment) { server in
            for _ in 0..<1200
            where !FileManager.default.fileExists(atPath: "\(folder)/hangs") {
                try await Task.sleep(for: .milliseconds(50))
            }
            server.program.send(signal)
        }
        let left = try await shop.json("get", "promotions", "--limit", "1")["items"][0]
        #expect(left["phase"].text == "running", "\(left)")
        let again = try await RunningServer.serve(shop.place, options, environment: environment) {
            server in
            var phase = ""
            for _ in 0..<1200 where phase != "succeeded" {
                try await Task.sleep(for: .milliseconds(50))
                let newest = try server.get("/v1/projects/shop/promotions?limit=1").json
                phase = newest["items"][0]["phase"].text
            }
            #expect(phase == "succeeded")
        }
        #expect(again.code == 0, "\(again.errors)")
        #expect(try await shop.git("rev-list", "--count", "\(before)..main") == "1")
    }
}
