import EventLog
import Ledger

/// What is shown where there is nothing, or where something went wrong.
enum ErrorPage {
    /// The page of an error, with the navigation of where it happened.
    static func content(
        status: Int,
        _ sentence: String,
        _ context: PageContext
    ) -> PageContent {
        var path = PagePath(.projects)
        if let project = context.path.place.project, context.path.place != .pipeline(project) {
            path = context.link(.pipeline(project))
        }
        return PageContent(
            status: status,
            title: title(status),
            template: "error",
            fill: [
                "heading": title(status), "sentence": whole(sentence), "home": path.text,
                "now": context.isPast ? context.path.with(.at, nil).text : nil,
            ],
            chrome: PageChrome(context)
        )
    }

    /// The same where no ledger can be read.
    static func page(status: Int, _ sentence: String) -> HTMLPage {
        let fill: Fill = [
            "title": "\(title(status)) · Waybill", "heading": title(status),
            "sentence": sentence, "home": PagePath(.projects).text, "chrome": bareChrome,
        ]
        return HTMLPage(
            status: status,
            title: title(status),
            html: Array(TemplateLibrary.html("error", fill).utf8),
            position: .origin
        )
    }

    /// What stands around a page that knows no ledger.
    static var bareChrome: Fill {
        [
            "favicon": Asset.icon.path, "style": Asset.style.path, "position": "0", "head": "0",
            "home": PagePath(.projects).text,
        ]
    }

    /// A sentence as it begins and ends where it stands alone.
    private static func whole(_ sentence: String) -> String {
        let end = sentence.last.map { ".?!".contains($0) } == true ? "" : "."
        return sentence.prefix(1).uppercased() + sentence.dropFirst() + end
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "That address means nothing here"
        case 401: "Sign in first"
        case 403: "That is not allowed"
        case 404: "There is no such thing"
        case 405: "That cannot be done here"
        case 409: "Somebody was quicker"
        case 413: "That is too large"
        case 429: "Too many requests"
        case 503: "The ledger is busy"
        default: status < 500 ? "That did not work" : "Something broke"
        }
    }
}
