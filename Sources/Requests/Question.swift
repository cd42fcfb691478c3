import EventLog

/// A request that changes nothing.
package protocol Question: Request {
    /// Answers it, in the form that the desk wants.
    func answer(_ desk: Desk) throws -> Answer
}

/// A question about a moment.
package protocol MomentQuestion: Question {
    /// The moment, as text; nil is now.
    var at: String? { get set }
}

/// A question that is answered a page at a time.
package protocol PagedQuestion: MomentQuestion {
    /// How many items at most, if somebody said so.
    var limit: Int? { get set }
    /// The cursor behind which the page begins.
    var cursor: String? { get set }
}

extension RequestField where Root: MomentQuestion {
    /// The moment that is asked about.
    package static var at: RequestField {
        .text(
            "at",
            \.at,
            "The moment: a position (#1234), a time, \"2h ago\", promotion/NAME or @BOOKMARK; "
                + "now if not said."
        )
    }
}

extension RequestField where Root: PagedQuestion {
    /// How long the page may be.
    package static var limit: RequestField {
        .number(
            "limit",
            \.limit,
            1...Int64(Paging.limitMax),
            "At most so many items; 100 if not said."
        )
    }

    /// Where the page begins.
    package static var cursor: RequestField {
        .text("cursor", \.cursor, "What comes behind this: the 'next' of the page before.")
    }
}

extension PagedQuestion {
    /// The part of the list that is wanted.
    package var paging: Paging { Paging(limit: limit, after: cursor) }
}
