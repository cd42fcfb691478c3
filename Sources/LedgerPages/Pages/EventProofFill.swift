import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Transparency

/// One event, opened: what it says, and the proof that it is in the log, for the browser to check.
struct EventProofFill {
    private static let payloadLengthMax = 20_000

    let context: PageContext
    let project: ProjectName

    init(_ context: PageContext, _ project: ProjectName) {
        self.context = context
        self.project = project
    }

    func fill() throws(LedgerError) -> Fill? {
        guard let number = context.path[.event].flatMap({ UInt64($0) }), number > 0,
            number <= context.view.moment.position.rawValue
        else { return nil }
        let position = Position(rawValue: number)
        let event = try context.view.event(at: position)
        let phrase = try context.phrase(event)
        let header = event.header
        var facts: [(String, [Span])] = [
            ("Position", [.text(position.grouped)]),
            ("Recorded", [.text(TimeText.whole(header.recorded))]),
            ("Type", [.code(event.type.name), .text(" version \(header.typeVersion)")]),
            ("Subject", [.code(header.subject)]),
            ("Actor", [.text("\(header.actor.name) (\(header.actor.assurance))")]),
            (
                "Command",
                [.code("\(header.commandID)"), .text(" event \(header.indexInCommand + 1)")]
            ),
        ]
        if let cause = header.cause { facts.append(("Led to by", [.event(cause)])) }
        facts.append(("Payload", [.code(String(header.payloadHash.hex.prefix(16)) + "…")]))
        let value = Shape.event(event)
        return [
            "icon": phrase.icon, "tone": phrase.tone, "what": context.fill(phrase.spans),
            "why": phrase.why, "position": position.grouped,
            "facts": facts.map { ["term": $0.0, "value": context.fill($0.1)] as Fill },
            "payload": String(value.indentedJSON.prefix(Self.payloadLengthMax)),
            "proof": try proof(position),
            "moment": PagePath(.pipeline(project)).with(.at, String(number)).text,
            "close": context.path.with(.event, nil).text,
            "command": "waybill ledger prove \(number)",
        ]
    }

    /// The path from the leaf to the root that was signed, or to the present one.
    private func proof(_ position: Position) throws(LedgerError) -> Fill? {
        let snapshot = context.view.snapshot
        var size = snapshot.head.position.rawValue
        var note: SignedNote?
        var key: VerifierKey?
        if let signed = context.session.checkpoint {
            do throws(TransparencyError) {
                let checkpoint = try snapshot.signedCheckpoint(signed)
                if checkpoint.size >= position.rawValue {
                    size = checkpoint.size
                    note = signed
                    key = try snapshot.verifierKeys().first
                }
            } catch {
                return ["broken": "\(error)"]
            }
        }
        do throws(EventLogError) {
            let header = try snapshot.headerBytes(at: position)
            let hashes = try MerkleProof.inclusion(
                of: position.rawValue - 1,
                in: size,
                snapshot.hashes
            )
            let root = try snapshot.root(at: Position(rawValue: size))
            return [
                "header": Base64.encode(header), "headerCount": String(header.count),
                "index": String(position.rawValue - 1), "size": String(size),
                "sizeText": size.grouped, "root": Base64.encode(root.bytes),
                "rootHex": root.hex, "leaf": Digest.leaf(header.span).hex,
                "hashes": hashes.map { Base64.encode($0.bytes) }.joined(separator: " "),
                "steps": steps(position, size, hashes, header), "note": note?.encoded,
                "key": key.map { Base64.encode($0.publicKey) }, "keyName": key?.name,
                "keyID": key.map { String($0.id) },
                "unsigned": note == nil ? true : nil,
            ]
        } catch {
            throw .log(error)
        }
    }

    /// Each step of the way up: with which hash, on which side, to what.
    private func steps(
        _ position: Position,
        _ size: UInt64,
        _ hashes: [Digest],
        _ header: [UInt8]
    ) -> [Fill] {
        var first = position.rawValue - 1
        var second = size - 1
        var hash = Digest.leaf(header.span)
        var rows: [Fill] = [
            [
                "step": "0", "side": "leaf", "with": "\(header.count) header bytes",
                "gives": String(hash.hex.prefix(12)),
            ]
        ]
        for (index, sibling) in hashes.enumerated() {
            let isLeft = first & 1 == 1 || first == second
            if isLeft {
                hash = .node(sibling, hash)
                while first & 1 == 0, first != 0 {
                    first >>= 1
                    second >>= 1
                }
            } else {
                hash = .node(hash, sibling)
            }
            first >>= 1
            second >>= 1
            rows.append([
                "step": String(index + 1), "side": isLeft ? "left" : "right",
                "with": String(sibling.hex.prefix(12)), "gives": String(hash.hex.prefix(12)),
            ])
        }
        return rows
    }
}
