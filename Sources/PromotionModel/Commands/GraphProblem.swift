/// Something that is wrong with the configuration as a whole.
package struct GraphProblem: Hashable, Sendable {
    /// The resource, such as `Stage/prod`.
    package let resource: String
    /// Where its document stands.
    package let place: SourcePlace?
    /// The field, such as `spec.requestedFreight[0].sources.stages[1]`.
    package let field: String
    /// The rule in one sentence that says what to do.
    package let message: String

    /// A problem of `resource`.
    package init(resource: String, place: SourcePlace?, field: String, message: String) {
        self.resource = resource
        self.place = place
        self.field = field
        self.message = message
    }
}

extension GraphProblem: CustomStringConvertible {
    package var description: String {
        let location = place.map { "\($0): " } ?? ""
        return "\(location)\(resource): \(field): \(message)"
    }
}
