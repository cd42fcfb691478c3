package import Ledger
package import PromotionModel

/// The pages of a ledger: a view in, HTML out.
///
/// Pure: no clock but the session's, nothing is read but the view. What is shown is escaped by the
/// templates, without exception.
package enum LedgerPages {
    /// A page as the view shows it.
    ///
    /// `view` is at the moment that `path` names. A thing that there is not is a page with status
    /// 404; what throws is the ledger's own failure.
    package static func render(
        _ path: PagePath,
        _ view: View,
        for session: PageSession,
        after refusal: FormRefusal? = nil
    ) throws(LedgerError) -> HTMLPage {
        let context = PageContext(path, view, session, refusal)
        do throws(LedgerError) {
            var page = try content(context)
            if refusal != nil { page.status = 422 }
            return try page.page(context)
        } catch {
            guard let sentence = error.notFoundSentence else { throw error }
            return try ErrorPage.content(status: 404, sentence, context).page(context)
        }
    }

    /// What a form of a command would do if it were sent now, in a few characters; nil if nothing.
    ///
    /// Forms with a preview carry it as `preview`. Where it is another by the time that the form
    /// is sent, something else would happen than what was shown.
    package static func fingerprint(
        of command: Command,
        in project: ProjectName,
        _ view: View,
        for session: PageSession
    ) throws(LedgerError) -> String? {
        let context = PageContext(PagePath(.pipeline(project)), view, session, nil)
        return try FormPreview(command, context, project).fingerprint
    }

    /// A page that says what went wrong, without a ledger to read.
    package static func error(status: Int, _ sentence: String) -> HTMLPage {
        ErrorPage.page(status: status, sentence)
    }

    /// The page on which people sign in, where no ledger can be read for them yet.
    package static func signIn(refusal: String? = nil, csrfToken: String) -> HTMLPage {
        SignInPage.page(refusal: refusal, csrfToken: csrfToken)
    }

    /// A page that goes on to an address of this server by itself.
    ///
    /// For who comes from another site without the cookie of his session. `target` is a path with
    /// a query.
    package static func hop(to target: String) -> HTMLPage { HopPage.page(to: target) }

    private static func content(_ context: PageContext) throws(LedgerError) -> PageContent {
        if let project = context.path.place.project { try check(project, context) }
        switch context.path.place {
        case .projects: return try ProjectsPage(context).content()
        case .signIn: return SignInPage.content(context)
        case .pipeline(let project): return try PipelinePage(context, project).content()
        case .stage(let stage, let project):
            return try StagePage(context, stage, project).content()
        case .junction(let junction, let project):
            return try JunctionPage(context, junction, project).content()
        case .warehouse(let warehouse, let project):
            return try WarehousePage(context, warehouse, project).content()
        case .freightList(let project): return try FreightListPage(context, project).content()
        case .freight(let name, let project):
            return try FreightPage(context, name, project).content()
        case .promotion(let name, let project):
            return try PromotionPage(context, name, project).content()
        case .grid(let project): return try GridPage(context, project).content()
        case .audit(let project): return try AuditPage(context, project).content()
        case .restore(let project): return try RestorePage(context, project).content()
        }
    }

    private static func check(
        _ project: ProjectName,
        _ context: PageContext
    ) throws(LedgerError) {
        let row = try context.view.ask { facts throws(FactsFailure) in try facts.project(project) }
        guard row == nil else { return }
        let when = context.isPast ? " at \(context.view.moment.position)" : ""
        throw .notFound("there is no project \(project)\(when)")
    }
}

/// What a page shows, before it is markup.
struct PageContent {
    var status = 200
    let title: String
    let template: String
    var fill: Fill
    let chrome: PageChrome

    func page(_ context: PageContext) throws(LedgerError) -> HTMLPage {
        var fill = fill
        let project = context.path.place.project.map { " · \($0)" } ?? ""
        fill["title"] = "\(title)\(project) · Waybill"
        fill["chrome"] = try chrome.fill()
        return HTMLPage(
            status: status,
            title: title,
            html: Array(TemplateLibrary.html(template, fill).utf8),
            position: context.view.moment.position
        )
    }
}

extension LedgerError {
    /// What is to be said where something is not there; nil for failures.
    fileprivate var notFoundSentence: String? {
        switch self {
        case .unknown, .notFound, .noSuchMoment, .futurePosition: "\(self)"
        case .log, .facts, .unknownEventType, .undecodable, .workFile: nil
        }
    }
}
