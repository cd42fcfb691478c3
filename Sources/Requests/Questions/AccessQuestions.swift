import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// The tokens that were ever issued: `waybill token list`.
package struct TokensQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?

    package init() {}

    package var place: RequestPlace { .ofLedger("tokens") }

    package static let fields: [RequestField<TokensQuestion>] = [.at, .limit, .cursor]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.read(at: try .said(at)) { view in
            let page = try view.ask { facts throws(FactsFailure) in
                try facts.tokens(after: paging.after, limit: paging.limit)
            }
            var table = TextTable(["NAME", "STATE", "EXPIRES", "ISSUED BY", "ISSUED AT"])
            var values: [Value] = []
            let now = view.moment.time
            for name in page.names {
                let token = try view.ask { facts throws(FactsFailure) in try facts.token(name) }
                guard let token else { continue }
                values.append(Shape.token(name, token, at: now))
                table.add([
                    name.rawValue, token.word(at: now), token.expires?.text ?? "never",
                    token.issuedBy, token.issuedAt.text,
                ])
            }
            guard !desk.form.isStructured else {
                return .value(Shape.list(values, at: view.moment.position, next: page.next))
            }
            if desk.form == .names {
                return .text(page.names.map { "token/\($0)\n" }.joined())
            }
            return .text(table.text + Paging.more(page.next))
        }
    }
}

/// Who has which roles: `waybill role list`.
package struct RolesQuestion: PagedQuestion {
    package var at: String?
    package var limit: Int?
    package var cursor: String?

    package init() {}

    package var place: RequestPlace { .ofProject("roles") }

    package static let fields: [RequestField<RolesQuestion>] = [.at, .limit, .cursor]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.read(at: try .said(at)) { view in
            let said = desk.choice.said
            let project = said == nil ? nil : try desk.choice.name(view.facts)
            let page = try view.ask { facts throws(FactsFailure) in
                try facts.principals(after: paging.after, limit: paging.limit)
            }
            var table = TextTable(["WHO", "ROLE", "PROJECT", "STAGES"])
            var values: [Value] = []
            for principal in page.names {
                let list = try view.ask { facts throws(FactsFailure) in
                    try facts.roles(of: principal)
                }
                for grant in list.grants
                where project == nil || grant.project == project || grant.project == .cluster {
                    values.append(Shape.role(grant, of: principal))
                    table.add([
                        principal.rawValue, grant.role.name,
                        grant.project == .cluster ? "all" : grant.project.rawValue,
                        grant.stages.joined(separator: ", "),
                    ])
                }
            }
            guard !desk.form.isStructured else {
                return .value(Shape.list(values, at: view.moment.position, next: page.next))
            }
            return .text(table.text + Paging.more(page.next))
        }
    }
}
