package import Ledger
import PromotionModel

/// The address of a page: a place, and what of it is to be shown.
///
/// `GET` of `text` answers the page. Every page takes `at`: then it shows what was so at that
/// moment, and nothing on it is live.
package struct PagePath: Hashable, Sendable {
    package var place: PagePlace
    private var values: [PageParameter: [String]] = [:]

    /// The address of a place as it is now.
    package init(_ place: PagePlace, _ values: [PageParameter: String] = [:]) {
        self.place = place
        for (parameter, value) in values { self[parameter] = value }
    }

    /// The first value of a parameter; nil where it is not said or empty.
    package subscript(_ parameter: PageParameter) -> String? {
        get { values[parameter]?.first { !$0.isEmpty } }
        set { values[parameter] = newValue.map { [$0] } }
    }

    /// All values of a parameter, in their order, empty ones too.
    package func all(_ parameter: PageParameter) -> [String] { values[parameter] ?? [] }

    /// The same with these values of a parameter.
    package func with(_ parameter: PageParameter, _ values: [String]) -> PagePath {
        var path = self
        path.values[parameter] = values.isEmpty ? nil : values
        return path
    }

    /// The same with a value of a parameter, or without it.
    package func with(_ parameter: PageParameter, _ value: String?) -> PagePath {
        with(parameter, value.map { [$0] } ?? [])
    }

    /// The same place with nothing but the moment said.
    package var bare: PagePath { PagePath(place).with(.at, self[.at]) }

    /// The moment that is shown; nil if what `at` says is none.
    package var moment: MomentReference? {
        guard let text = self[.at] else { return .now }
        return MomentReference(parsing: text)?.of(place.project)
    }

    /// The address as it stands in links: path and query.
    package var text: String {
        let path = "/" + place.segments.map(PercentEncoding.encode).joined(separator: "/")
        let items = PageParameter.allCases.flatMap { parameter in
            all(parameter).map { "\(parameter.rawValue)=\(PercentEncoding.encode($0))" }
        }
        return items.isEmpty ? path : path + "?" + items.joined(separator: "&")
    }

    /// Reads an address as a request line has it; nil if no page is there.
    package init?(parsing target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.first == "/" else { return nil }
        let raw = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var segments: [String] = []
        for segment in raw.count == 1 && raw[0].isEmpty ? [] : raw {
            guard let text = PercentEncoding.decode(segment), !text.isEmpty else { return nil }
            segments.append(text)
        }
        guard let place = PagePlace(segments: segments) else { return nil }
        self.init(place)
        guard parts.count == 2 else { return }
        for item in parts[1].split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true) else { return nil }
            guard let parameter = PageParameter(rawValue: name) else { continue }
            let value = pair.count == 2 ? pair[1] : ""
            guard let text = PercentEncoding.decode(value, plusIsSpace: true) else { return nil }
            values[parameter, default: []].append(text)
        }
    }
}
