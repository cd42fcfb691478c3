import Foundation
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
}
