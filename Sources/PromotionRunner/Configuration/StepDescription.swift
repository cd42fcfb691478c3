package import Expressions

/// A step as people look it up: what it does, its fields, what it gives, an example.
package struct StepDescription: Sendable, Hashable {
    /// What `uses` says.
    package let name: String
    /// What the step does, as a sentence without a subject.
    package let summary: String
    /// In the order in which they are documented.
    package let fields: [StepField]
    /// What later steps find under the step's alias.
    package let outputs: [StepOutput]
    /// The outputs are named by the configuration.
    package let givesWhatItIsTold: Bool
    /// One step, as it stands in a manifest.
    package let example: String
}

/// A field of a step's configuration.
package struct StepField: Sendable, Hashable {
    package let name: String
    /// What it takes: `text`, `list of texts`, `yes or no`, `number`, `object`, and the like.
    package let kind: String
    package let isRequired: Bool
    /// What holds where nothing is said; null where that is nothing.
    package let standard: Value
    package let meaning: String
    /// False for a field of Kargo's that this version refuses.
    package let isDone: Bool
    /// Of an object, or of each element of a list of objects.
    package let fields: [StepField]
}

/// What a step gives to later steps.
package struct StepOutput: Sendable, Hashable {
    package let name: String
    package let meaning: String

    init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

extension StepDescription {
    /// The JSON form.
    package var shape: Value {
        [
            "kind": "Step",
            "name": .string(name),
            "summary": .string(summary),
            "fields": .array(fields.map(\.shape)),
            "outputs": .array(
                outputs.map { ["name": .string($0.name), "meaning": .string($0.meaning)] }
            ),
            "example": .string(example),
        ]
    }
}

extension StepField {
    fileprivate var shape: Value {
        var members: [String: Value] = [
            "name": .string(name),
            "kind": .string(kind),
            "meaning": .string(meaning),
            "required": .bool(isRequired),
        ]
        if standard != .null { members["default"] = standard }
        if !isDone { members["refused"] = true }
        if !fields.isEmpty { members["fields"] = .array(fields.map(\.shape)) }
        return .object(members)
    }
}
