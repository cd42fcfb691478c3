import Testing

/// That `WAYBILL_TEST_SERVER=1` does what it says.
@Suite struct ServedCommandsTests {
    @Test(.enabled(if: ServedCommands.isAsked, "WAYBILL_TEST_SERVER=1 was not said"))
    func `commands go to servers, unless they are of the ledger's directory only`() async throws {
        let place = try await LedgerDirectory.applied()
        let words = ["note", "stage/dev", "seen", "-o", "json"]
        func recorder(_ options: String...) async throws -> String {
            let receipt = try await place.run(words + options).checked().json
            let actor = receipt["events"][0]["actor"]
            return "\(actor["name"].text), \(actor["assurance"].text)"
        }
        // Only a server knows who acts by a token.
        let served = try await recorder()
        #expect(served == "operator, token")
        let named = try await recorder("--actor", "on-call")
        #expect(named == "on-call, asserted")
        let typed = try await ServedCommands.$isOnLedgerOnly.withValue(true) {
            try await recorder()
        }
        #expect(typed.hasSuffix(", osUser"))
        #expect(ServedCount.servedCount >= 2)
    }
}
