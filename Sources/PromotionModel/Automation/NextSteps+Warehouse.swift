extension NextStepsRule {
    /// Freight is made of the newest of each subscription, where the warehouse says so.
    func nextSteps(of name: WarehouseName) throws(FactsFailure) -> NextSteps {
        var next = NextSteps()
        guard let row = try facts.warehouse(name, in: project) else { return next }
        let state = try facts.warehouseState(name, in: project)
        let rule = CreationRule(facts: facts, project: project)
        guard try rule.obstacle(of: name, row.spec, state.findings) == nil else { return next }
        let criteria = row.spec.creationCriteria.map { _ in ", and its criteria hold" } ?? ""
        next.commands.append(
            ProposedCommand(
                .createFreight(CreateFreight(project: project, warehouse: name)),
                rule: "create",
                subject: .warehouse(name),
                // With the configuration, which can make other freight of the same findings.
                cause: max(state.discovered, row.position),
                because: "freightCreationPolicy Automatic: the newest of each subscription"
                    + criteria
            )
        )
        return next
    }
}
