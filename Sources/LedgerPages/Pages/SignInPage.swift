import EventLog
import Ledger

/// Where people say who they are.
enum SignInPage {
    static func content(_ context: PageContext) -> PageContent {
        PageContent(
            title: "Sign in",
            template: "sign-in",
            fill: fill(context.refusal?.sentence, context.session.csrfToken),
            chrome: PageChrome(context)
        )
    }

    static func page(refusal: String?, csrfToken: String) -> HTMLPage {
        var fill = fill(refusal, csrfToken)
        fill["title"] = "Sign in · Waybill"
        fill["chrome"] = ErrorPage.bareChrome
        return HTMLPage(
            status: refusal == nil ? 200 : 401,
            title: "Sign in",
            html: Array(TemplateLibrary.html("sign-in", fill).utf8),
            position: .origin
        )
    }

    private static func fill(_ refusal: String?, _ csrfToken: String) -> Fill {
        [
            "action": PageForm.signInAction, "csrf": csrfToken, "refusal": refusal,
        ]
    }
}
