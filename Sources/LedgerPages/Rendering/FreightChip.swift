import EventLog
import PromotionModel

/// A piece of freight as it is named on a page.
struct FreightChip {
    let id: FreightID
    let alias: String
    let origin: Origin
    /// Of a leaf its version, of a bundle nothing.
    let version: String
    let created: Position
    let createdAt: Timestamp
    let making: FreightMaking
    let isQuarantined: Bool

    /// The name that it goes by.
    var name: String { alias.isEmpty ? String(id.rawValue.prefix(7)) : alias }

    /// What it is called where a version tells more than a name: of a leaf its version.
    var label: String { version.isEmpty ? name : version }

    /// Everything about it in a line.
    var title: String {
        let what =
            origin.kind == .junction ? "bundle of \(origin.name)" : "\(origin.name) \(version)"
        return "\(name) (\(what)), \(id.rawValue)"
    }
}

extension Freight {
    /// Of a leaf the version in a few characters: that of its artifacts if they all have the same,
    /// otherwise of the first one, with how many more there are.
    var versionText: String {
        guard let first = artifacts.first?.shortVersion else { return "" }
        if artifacts.allSatisfy({ $0.shortVersion == first }) { return first }
        return "\(first) +\(artifacts.count - 1)"
    }
}
