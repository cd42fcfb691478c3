/// How people name freight: by alias, id, Kargo name, or at least six digits of either.
package enum FreightReference {
    /// The shortest prefix that is accepted.
    package static let prefixCountMin = 6

    /// The freight that `text` names in `project`, or why it names none.
    package static func resolve(
        _ text: String,
        in project: ProjectName,
        facts: some Facts
    ) throws(FactsFailure) -> Result<FreightID, Refusal> {
        if let id = try facts.freight(withAlias: text, in: project) { return .success(id) }
        guard !text.isEmpty, text.isLowercaseHex, text.utf8.count <= 64 else {
            return .failure(.unknownFreight(text, in: project))
        }
        guard text.utf8.count >= prefixCountMin else {
            return .failure(.freightReferenceTooShort(text))
        }
        let matches = try facts.freight(withPrefix: text, in: project, limit: 10)
        if matches.count > 1 { return .failure(.ambiguousFreight(text, matches: matches)) }
        guard let match = matches.first else {
            return .failure(.unknownFreight(text, in: project))
        }
        return .success(match)
    }
}

extension Refusal: Error {}
