package import Expressions
package import Wire

/// A stage as configured.
package struct StageSpec: Message, Hashable {
    package var labels: [Variable] = []
    package var vars: [Variable] = []
    package var requestedFreight: [RequestedFreight] = []
    package var templateVars: [Variable] = []
    /// What a promotion does; a stage without steps is a control-flow stage.
    package var steps: [StepTemplate] = []
    /// nil where what runs is verified by running.
    package var verification: VerificationSpec?
    package var promotionQueue = PromotionQueuePolicy.all

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "labels", &labels)
        try visitor.field(2, "vars", &vars)
        try visitor.field(3, "requestedFreight", &requestedFreight)
        try visitor.field(4, "templateVars", &templateVars)
        try visitor.field(5, "steps", &steps)
        try visitor.field(6, "verification", &verification)
        try visitor.field(7, "promotionQueue", &promotionQueue)
    }

    /// Whether freight only passes through: nothing is promoted to such a stage.
    package var isControlFlow: Bool { steps.isEmpty }
}

/// What becomes of pending promotions when newer ones are asked for.
package enum PromotionQueuePolicy: UInt32, WireEnum {
    /// Each has its turn.
    case all = 1
    /// A newer one of the same kind supersedes those whose origins it fills, all of them.
    case latest = 2
    /// Pending automatic promotions of different origins start as one.
    case coalesce = 3
}

/// A name and its value, which may be a template.
package struct Variable: Message, Hashable {
    package var name = ""
    package var value = ""

    package init() {}

    /// The variable `name` with the template `value`.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "value", &value)
    }
}

/// One step of a promotion template, unevaluated.
package struct StepTemplate: Message, Hashable {
    /// The step's kind, such as `git-clone`.
    package var uses = ""
    /// `as`: the name under which later steps find its outputs.
    package var alias: String?
    /// `if`: a template that must come to a boolean.
    package var condition: String?
    package var continueOnError = false
    package var retry: StepRetry?
    package var vars: [Variable] = []
    /// A tree of templates.
    package var config: Value = .null
    package var forEach: StepRepetition?
    /// The task whose steps go in its place; such a step has no `uses` and no `config`.
    package var task: TaskReference?
    /// True for a step of a task whose `forEach` is the task's, which is repeated as a whole.
    package var repeatsWithTask: Bool?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        var message = ValueMessage(config)
        try visitor.field(1, "uses", &uses)
        try visitor.field(2, "as", &alias)
        try visitor.field(3, "if", &condition)
        try visitor.field(4, "continueOnError", &continueOnError)
        try visitor.field(5, "retry", &retry)
        try visitor.field(6, "vars", &vars)
        try visitor.field(7, "config", &message)
        try visitor.field(8, "forEach", &forEach)
        try visitor.field(9, "task", &task)
        try visitor.field(10, "repeatsWithTask", &repeatsWithTask)
        config = message.value
    }
}

/// How often a failing step is tried, and how long (Kargo's `retry`).
package struct StepRetry: Message, Hashable {
    /// Consecutive failures allowed before giving up; 0 means the step's default.
    package var errorThreshold: UInt64 = 0
    /// Milliseconds from the first start, 0 for no limit; nil means the step's default.
    package var timeoutMs: Int64?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "errorThreshold", &errorThreshold)
        try visitor.field(2, "timeoutMs", &timeoutMs)
    }
}

/// For what a step is repeated.
package enum StepRepetition: UInt32, WireEnum {
    /// Each component that the promotion changes.
    case changed = 1
    /// Each component of the change set, removed ones too.
    case components = 2
}
