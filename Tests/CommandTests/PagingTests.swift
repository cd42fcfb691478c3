import Testing

/// Lists in pages.
@Suite struct PagingTests {
    @Test(
        arguments: [
            ["get", "events"], ["get", "freight"], ["get", "promotions"],
            ["get", "promotions", "--stage", "dev"],
            ["get", "freight", "--origin", "Warehouse/search"], ["audit"],
            ["audit", "--type", "StepFinished"], ["audit", "--subject", "stage/prod"],
            ["history", "stage/dev"], ["history", "junction/release"],
            ["history", "junction/release", "--slots"], ["get", "stages"], ["get", "warehouses"],
            ["get", "projects"], ["get", "junctions"], ["get", "bookmarks"],
            ["get", "freight", "--stage", "prod"],
            ["get", "freight", "--available-to", "stage/prod"],
            ["get", "promotions", "--phase", "succeeded", "--kind", "automatic"],
            ["get", "promotions", "--phase", "pending"], ["trace", "c4b6a8"],
            ["audit", "--text", "customers cannot"],
        ],
        [1, 3, 7]
    )
    func `pages give every item once, in the order of the whole`(
        _ list: [String],
        _ limit: Int
    ) async throws {
        // One item a page is a process an item: only for short lists.
        let isLong = ["get events", "audit", "audit --type StepFinished"]
            .contains(list.joined(separator: " "))
        if isLong, limit < 7 { return }
        let place = try await FixedLedger.shared.place
        let options = ["-o", "json", "--limit"]
        let whole = try await place.run(list + options + ["100000"]).checked().json
        #expect(whole["next"].isNull)
        var items: [JSON] = []
        var next: [String] = []
        repeat {
            let page = try await place.run(list + options + ["\(limit)"] + next).checked().json
            #expect(page["items"].items.count <= limit)
            items += page["items"].items
            next = page["next"].isNull ? [] : ["--after", page["next"].text]
        } while !next.isEmpty && items.count <= whole["items"].items.count
        #expect(items == whole["items"].items)
        #expect(!items.isEmpty)
    }

    @Test func `a table says how to go on`() async throws {
        let place = try await FixedLedger.shared.place
        let first = try await place.run("get", "events", "--limit", "2", "--at", "#9").checked()
        #expect(first.output.hasSuffix("(more: --after 8)\n"))
        let last = try await place.run("get", "events", "--after", "3").checked()
        #expect(last.output.split(separator: "\n").count == 3)
        #expect(!last.output.contains("more:"))
    }
}
