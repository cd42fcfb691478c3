import EventLog
package import Ledger
import PromotionModel

/// The summary of a change's evidence as one page of HTML that needs nothing else.
///
/// It has no script and loads nothing; a policy in it says so to browsers, too. Everything that
/// people or other systems wrote is shown as text.
package struct EvidencePage {
    private let evidence: ChangeEvidence
    private let ledger: String
    private let origin: String
    private let size: UInt64
    private let root: String
    private var page = MarkupText()

    /// A page about a change, proved to a checkpoint of `size` events.
    package init(
        _ evidence: ChangeEvidence,
        ledger: String,
        origin: String,
        size: UInt64,
        root: String
    ) {
        self.evidence = evidence
        self.ledger = ledger
        self.origin = origin
        self.size = size
        self.root = root
    }

    private var record: ChangeRecord { evidence.record }
    private var promotion: Promotion { record.promotion }

    /// The page.
    package mutating func html() -> String {
        page = MarkupText()
        writeHead()
        writeFindings()
        writeChanges()
        writeDecisions()
        writeVerification()
        writeEvents()
        writeFoot()
        return page.html
    }

    private mutating func writeHead() {
        page.raw(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>
            """
        )
        page.text("Evidence of \(promotion.name)")
        page.raw("</title>\n<style>\n")
        page.raw(Self.style)
        page.raw("</style>\n</head>\n<body>\n<main>\n<h1>")
        page.text("Change of \(promotion.stage)")
        page.raw("</h1>\n")
        page.list([
            ("Promotion", promotion.name.rawValue), ("Project", record.started.project),
            ("Kind", "\(promotion.kind)"), ("Outcome", "\(record.phase)"),
            ("Message", record.message),
            ("Requested by", Self.actor(record.requested.actor)),
            ("Reason", promotion.reason), ("Because", record.because),
            ("Requested", Self.moment(record.requested)), ("Began", Self.moment(record.started)),
            ("Ended", record.ended.map { Self.moment($0) } ?? "it still runs"),
            ("Goes back to", promotion.restored.map { "what was there at \($0)" }),
            ("Before", record.before.id.rawValue), ("After", record.after.id.rawValue),
        ])
    }

    private mutating func writeFindings() {
        page.raw("<h2>Findings</h2>\n")
        guard !record.findings.isEmpty else { return page.element("p", "None.") }
        page.raw("<ul class=\"findings\">\n")
        for finding in record.findings { page.element("li", finding.text) }
        page.raw("</ul>\n")
    }

    private mutating func writeChanges() {
        page.raw("<h2>What it changed</h2>\n")
        page.table(
            ["Component", "Change", "From", "To", "Freight"],
            record.changes.map { component in
                [
                    component.change.origin.name,
                    Self.kind(component.change),
                    Self.versions(component.from), Self.versions(component.to),
                    component.to?.id.rawValue ?? "",
                ]
            }
        )
    }

    private mutating func writeDecisions() {
        page.raw("<h2>Approvals that stood when it began</h2>\n")
        guard !record.approvals.isEmpty else { return page.element("p", "None.") }
        page.table(
            ["Event", "At", "Freight", "For", "By", "Reason"],
            record.approvals.map { approval in
                [
                    "\(approval.position)", approval.at.text, approval.alias,
                    approval.consumer.rawValue, Self.actor(approval.actor), approval.reason ?? "",
                ]
            }
        )
    }

    private mutating func writeVerification() {
        page.raw("<h2>Verified before</h2>\n")
        // A leaf and the bundle that brought it may have been verified by the same event.
        let marks = record.changes.flatMap { component in
            var seen: Set<Position> = []
            return component.verified.filter { seen.insert($0.position).inserted }
                .map { (component.change.origin.name, $0) }
        }
        if marks.isEmpty {
            page.element("p", "Nowhere.")
        } else {
            page.table(
                ["Event", "At", "Component", "Stage", "By", "Evidence"],
                marks.map { component, mark in
                    [
                        "\(mark.position)", mark.at.text, component, mark.stage.rawValue,
                        mark.isUnseen ? "nobody looked" : Self.actor(mark.actor),
                        mark.evidence ?? "",
                    ]
                }
            )
        }
        page.raw("<h2>Verified after</h2>\n")
        guard let verification = record.verification else { return page.element("p", "No.") }
        page.list([
            ("Result", "\(verification.result)"), ("Event", "\(verification.position)"),
            ("At", verification.at.text),
            (
                "By",
                verification.implicit || verification.assumed
                    ? "nobody looked" : verification.actor
            ),
            ("Message", verification.message), ("Evidence", verification.evidence),
            ("Reason", verification.reason),
        ])
    }

    private mutating func writeEvents() {
        page.raw("<h2>Events</h2>\n<div class=\"wide\"><table>\n<tr>")
        for cell in ["Event", "At", "Type", "About", "By", "Why it is here"] {
            page.element("th", cell)
        }
        page.raw("</tr>\n")
        for evidence in evidence.events {
            let header = evidence.event.header
            let position = "\(header.position.rawValue)"
            // Digits only, so the address is one.
            page.raw("<tr><td><a href=\"event-")
            page.text(position)
            page.raw(".json\">#")
            page.text(position)
            page.raw("</a> <a href=\"event-")
            page.text(position)
            page.raw(".tlog-proof\">proof</a></td>")
            page.element("td", header.recorded.text)
            let gone = evidence.event.redaction.map { ", redacted by \($0)" } ?? ""
            page.element("td", evidence.event.type.name + gone)
            page.element("td", header.subject)
            page.element("td", Self.actor(header.actor))
            page.element("td", "\(evidence.role)")
            page.raw("</tr>\n")
        }
        page.raw("</table></div>\n")
    }

    private mutating func writeFoot() {
        page.raw("<h2>Proof</h2>\n<p>Each event is proved to the signed <a href=\"checkpoint\">")
        page.raw("checkpoint</a>; README.txt says how to check that without Waybill.</p>\n")
        page.list([
            ("Ledger", ledger), ("Origin", origin), ("Events", "\(size)"), ("Root", root),
        ])
        page.raw("</main>\n</body>\n</html>\n")
    }

    // MARK: - Words

    private static func kind(_ change: ComponentChange) -> String {
        let isSaid = change.kind == .uncertain || !change.isUncertain
        return isSaid ? "\(change.kind)" : "\(change.kind), uncertain"
    }

    private static func actor(_ actor: EventActor) -> String {
        "\(actor.name) (\(actor.assurance))"
    }

    private static func moment(_ header: Header) -> String {
        "\(header.recorded.text), event \(header.position)"
    }

    private static func versions(_ freight: Freight?) -> String {
        guard let freight else { return "" }
        return freight.artifacts.map(\.shortVersion).joined(separator: ", ")
    }

    private static let style: StaticString = """
        :root { --ink: #1b1f24; --paper: #ffffff; --line: #d0d7de; --quiet: #57606a;
          --mark: #9a6700; --link: #0550ae }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --quiet: #9198a1;
            --mark: #d29922; --link: #79c0ff }
        }
        body { color: var(--ink); background: var(--paper); margin: 0;
          font: 15px/1.5 system-ui, sans-serif }
        main { max-width: 76rem; margin: 0 auto; padding: 1.5rem }
        h1 { font-size: 1.5rem; margin: 0 0 1rem }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
        a { color: var(--link) }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0 }
        dt, th { color: var(--quiet); font-weight: 400; text-align: left }
        dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }
        .wide { overflow-x: auto }
        table { border-collapse: collapse; width: 100% }
        th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0;
          text-align: left; vertical-align: top; overflow-wrap: break-word; white-space: pre-wrap }
        .findings { color: var(--mark) }

        """
}
