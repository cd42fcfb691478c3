import Mustache

/// What a template is given: names with texts, truths, lists and further fills.
///
/// Templates name fields of the innermost fill with a dot before them (`{{.name}}`), so that what
/// it lacks is not taken from one further out.
struct Fill: MustacheParent, ExpressibleByDictionaryLiteral {
    private var fields: [String: Any] = [:]

    init(dictionaryLiteral elements: (String, Any?)...) {
        fields.reserveCapacity(elements.count)
        for (name, value) in elements where value != nil { fields[name] = value }
    }

    func child(named name: String) -> Any? { fields[name] }

    subscript(_ name: String) -> Any? {
        get { fields[name] }
        set { fields[name] = newValue }
    }

    /// These fields but one.
    func without(_ name: String) -> Fill {
        var fill = self
        fill.fields[name] = nil
        return fill
    }

    /// These fields and those, which win.
    func merging(_ other: Fill) -> Fill {
        var fill = self
        fill.fields.merge(other.fields) { _, last in last }
        return fill
    }
}
