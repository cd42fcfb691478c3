import EventLog

/// Where somebody comes to from another site, before the same address again.
///
/// Browsers do not send a cookie that is `SameSite=Strict` with a link of another site, so that
/// whoever is signed in looks like a stranger. This page asks for the same address once more, and
/// then the cookie comes with it.
enum HopPage {
    static func page(to target: String) -> HTMLPage {
        HTMLPage(
            status: 401,
            title: "One moment",
            html: Array(TemplateLibrary.html("hop", fill(target)).utf8),
            position: .origin
        )
    }

    private static func fill(_ target: String) -> Fill {
        var chrome = ErrorPage.bareChrome
        chrome["onward"] = target
        return ["title": "One moment · Waybill", "target": target, "chrome": chrome]
    }
}
