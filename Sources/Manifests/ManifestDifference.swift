package import Expressions
package import PromotionModel

/// What applying a document would change about one resource.
package struct ManifestDifference: Sendable, Hashable {
    /// What would become of the resource.
    package enum Action: String, Sendable {
        case created, changed, unchanged, pruned
    }

    /// A field that would change.
    package struct Field: Sendable, Hashable {
        /// Where it stands in the document, such as `spec.promotionTemplate.spec.steps[2].uses`.
        package let path: String
        /// nil where it is not said yet.
        package let before: Value?
        /// nil where it would be said no longer.
        package let after: Value?
    }

    /// The resource, such as `Stage/prod`.
    package let resource: String
    package let project: ProjectName
    package let action: Action
    /// The fields that differ, in the order of their paths; of a changed resource only.
    package let fields: [Field]

    /// The difference between a resource as configured and as a document has it.
    ///
    /// One that is nil is not there; both must not be.
    package init(from before: Resource?, to after: Resource?) {
        guard let known = after ?? before else { preconditionFailure("a difference of nothing") }
        resource = known.specification.title
        project = known.project
        guard let before, let after else {
            action = before == nil ? .created : .pruned
            fields = []
            return
        }
        let isSame = before.specification == after.specification
        action = isSame ? .unchanged : .changed
        fields =
            isSame
            ? []
            : Self.fields(
                from: ManifestWriter.document(of: before),
                to: ManifestWriter.document(of: after),
                at: ""
            )
    }

    private static func fields(from before: Value, to after: Value, at path: String) -> [Field] {
        if before == after { return [] }
        switch (before, after) {
        case (.object(let old), .object(let new)):
            return Set(old.keys).union(new.keys).sorted().flatMap { key in
                let place = path.isEmpty ? key : "\(path).\(key)"
                return fields(from: old[key], to: new[key], at: place)
            }
        case (.array(let old), .array(let new)):
            return fields(from: old, to: new, at: path)
        default:
            return [Field(path: path, before: before, after: after)]
        }
    }

    private static func fields(from before: Value?, to after: Value?, at path: String) -> [Field] {
        guard let before, let after else {
            return before == after ? [] : [Field(path: path, before: before, after: after)]
        }
        return fields(from: before, to: after, at: path)
    }

    /// Lists are compared between what they begin and end with alike, so that an element that
    /// was put in or taken out does not show all behind it as changed.
    ///
    /// The number of an element is its place afterwards; of one that is gone, its place before.
    private static func fields(
        from before: [Value],
        to after: [Value],
        at path: String
    ) -> [Field] {
        let common = min(before.count, after.count)
        let head = (0..<common).prefix { before[$0] == after[$0] }.count
        let tail = (0..<(common - head)).prefix {
            before[before.count - 1 - $0] == after[after.count - 1 - $0]
        }.count
        let (old, new) = (
            before.dropLast(tail).dropFirst(head), after.dropLast(tail).dropFirst(head)
        )
        return (head..<(head + max(old.count, new.count))).flatMap { index in
            fields(from: old.at(index), to: new.at(index), at: "\(path)[\(index)]")
        }
    }
}

extension ArraySlice<Value> {
    /// The element with an index of the whole list; nil, which is not null, where there is none.
    fileprivate func at(_ index: Int) -> Value? {
        indices.contains(index) ? .some(self[index]) : .none
    }
}
