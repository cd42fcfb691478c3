import Foundation
import Glibc
import Synchronization
import Testing

/// A server that is killed while it writes and promotes.
@Suite(.serialized) struct KilledServer {
    /// Twenty times when there is time (`tools/test --long`).
    private static let killCount =
        ProcessInfo.processInfo.environment["WAYBILL_TEST_LONG"] == nil ? 5 : 20

    @Test(.doesNotHang)
    func `after kill -9 under load, what was acknowledged is there, once and whole`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = Seeded(state: seed)
        let shop = try await Self.shop()
        let freight = try await shop.json("get", "freight")["items"].items.map { $0["id"].text }
        let callers = (0..<4).map { Caller(name: "caller-\($0)", freight: freight) }
        for _ in 0..<Self.killCount {
            let count = Int(generator.next() % 100) + 5
            let delay = Duration.microseconds(Int(generator.next() % 20_000))
            let ending = try await RunningServer.serve(shop.place, ["--allow-file-repos"]) {
                try await Self.load($0, callers, killedAfter: count, delay)
            }
            #expect(ending.code == 128 + Int(SIGKILL))
        }
        let acknowledged = callers.flatMap(\.acknowledged)
        let comment = Comment(rawValue: "seed \(seed), \(acknowledged.count) acknowledged")
        #expect(acknowledged.count >= Self.killCount * 5, comment)

        try await Self.askAgain(shop.place, callers, comment)
        _ = try await shop.place.run(SmallShop.run).checked()
        let count = try Acknowledged.check(callers.flatMap(\.acknowledged), in: shop.place, comment)
        #expect(count >= acknowledged.count)
        #expect(try await shop.place.run("ledger", "verify").code == 0, comment)
        #expect(try await shop.place.run("ledger", "replay").code == 0, comment)
        // What was interrupted was taken over, and came to an end.
        let promotions = try await shop.json("get", "promotions", "--limit", "10000")["items"].items
        #expect(promotions.count > 3, comment)
        for promotion in promotions {
            let phase = promotion["phase"].text
            #expect(
                ["succeeded", "superseded"].contains(phase),
                "\(promotion["name"].text) \(phase)"
            )
        }
    }

    /// A shop with three pieces of freight, to which one stage can be set.
    private static func shop() async throws -> Shop {
        let shop = try await SmallShop.made()
        for number in 1...3 {
            _ = try await shop.place.run(SmallShop.run).checked()
            if number < 3 { try await KilledSteps.push(number, in: shop) }
        }
        return shop
    }

    /// Lets all callers ask, until so many were answered; then, a moment later, kills the server.
    private static func load(
        _ server: RunningServer,
        _ callers: [Caller],
        killedAfter count: Int,
        _ delay: Duration
    ) async throws {
        let answered = Count()
        await withTaskGroup(of: Void.self) { group in
            for caller in callers {
                group.addTask {
                    await caller.ask(server) { answered.add() }
                }
            }
            while answered.value < count {
                try? await Task.sleep(for: .milliseconds(1))
            }
            // The moment of the kill is the test.
            try? await Task.sleep(for: delay)
            server.program.send(SIGKILL)
        }
    }

    /// Asks again for everything: what was acknowledged is answered with the same receipt, and
    /// what was not is done now, unless it had been done.
    private static func askAgain(
        _ place: LedgerDirectory,
        _ callers: [Caller],
        _ comment: Comment
    ) async throws {
        let ending = try await RunningServer.serve(place) { server in
            for caller in callers {
                for (wish, receipt) in caller.receipts {
                    let again = try wish.send(to: server)
                    #expect(again.status == 200, comment)
                    let answer = try again.json
                    #expect(answer["duplicate"] == .bool(true), comment)
                    #expect(answer["positions"] == receipt["positions"], comment)
                    #expect(answer["root"] == receipt["root"], comment)
                }
                try caller.finish(server)
            }
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }
}

/// How many there are.
private final class Count: Sendable {
    private let state = Atomic<Int>(0)

    var value: Int { state.load(ordering: .relaxed) }

    func add() { state.add(1, ordering: .relaxed) }
}

/// A command, with the key under which it is sent until it is answered.
private struct Wish: Sendable {
    let key: String
    let verb: String
    let body: String

    func send(to server: RunningServer) throws -> RawHTTP.Answer {
        try server.post("/v1/projects/shop/\(verb)", body, headers: ["Idempotency-Key": key])
    }
}

/// Asks for one thing after the other, each again until it is answered, whoever is killed.
private final class Caller: Sendable {
    private struct State {
        var number = 0
        var open: Wish?
        var receipts: [(wish: Wish, receipt: JSON)] = []
    }

    private let name: String
    private let freight: [String]
    private let state = Mutex(State())

    init(name: String, freight: [String]) {
        self.name = name
        self.freight = freight
    }

    /// What was answered with a receipt.
    var receipts: [(wish: Wish, receipt: JSON)] { state.withLock { $0.receipts } }
    var acknowledged: [Acknowledged] { receipts.map { Acknowledged($0.wish.key, $0.receipt) } }

    /// Asks until the server does not answer any more, on a thread of its own.
    func ask(_ server: RunningServer, answered: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread { [self] in
                while (try? askOnce(server)) != nil { answered() }
                continuation.resume()
            }
        }
    }

    /// Sends what was not answered.
    func finish(_ server: RunningServer) throws {
        if state.withLock({ $0.open }) != nil { try askOnce(server) }
    }

    private func askOnce(_ server: RunningServer) throws {
        let wish = next()
        let answer = try wish.send(to: server)
        let receipt = answer.status == 200 ? try answer.json : nil
        // A promotion may be refused by a rule; nothing else may be.
        guard receipt != nil || (wish.verb == "promote" && answer.status == 409) else {
            Issue.record("\(wish.verb): \(answer.status) \(answer.body)")
            throw TestFailure("an answer that nobody expects")
        }
        state.withLock { state in
            state.open = nil
            if let receipt { state.receipts.append((wish, receipt)) }
        }
        _ = try server.get("/v1/projects/shop/stages")
    }

    /// What was not answered yet, or something new: every tenth is a promotion.
    private func next() -> Wish {
        state.withLock { state in
            if let open = state.open { return open }
            state.number += 1
            let key = "\(name)-\(state.number)"
            let wish: Wish
            if state.number % 10 == 1 {
                let wanted = freight[state.number / 10 % freight.count]
                wish = Wish(
                    key: key,
                    verb: "promote",
                    body: #"{"stage": "dev", "freight": ["\#(wanted)"]}"#
                )
            } else {
                let text = "note \(state.number) of \(name)"
                wish = Wish(
                    key: key,
                    verb: "note",
                    body: #"{"subject": "stage/dev", "text": "\#(text)"}"#
                )
            }
            state.open = wish
            return wish
        }
    }
}
