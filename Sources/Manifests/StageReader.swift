import PromotionModel

/// Reads a `Stage`.
enum StageReader {
    static func read(_ fields: inout FieldMap, labels: [Variable]) -> StageSpec? {
        guard var spec = fields.requiredMap("spec") else { return nil }
        defer { spec.finish() }
        var stage = StageSpec()
        stage.labels = labels
        spec.ignore("shard")
        stage.vars = StepReader.variables(&spec, .stageVariables)
        stage.requestedFreight = RequestedFreightReader.read(&spec, forJunction: false)
        if var template = spec.map("promotionTemplate") {
            if var inner = template.requiredMap("spec") {
                stage.templateVars = StepReader.variables(&inner, .stageVariables)
                stage.steps = StepReader.steps(&inner)
                inner.finish()
            }
            template.finish()
        }
        stage.verification = VerificationReader.read(&spec)
        if stage.isControlFlow {
            spec.notice("verification", "a stage without steps runs nothing to be verified")
        }
        spec.limit("targets", because: "this version does not promote to targets")
        stage.promotionQueue =
            spec.choice(
                "promotionQueue",
                [
                    "All": PromotionQueuePolicy.all, "Latest": .latest, "Coalesce": .coalesce,
                ]
            ) ?? .all
        return stage
    }
}
