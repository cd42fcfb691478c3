extension Decider {
    /// Makes freight of a warehouse by hand; quiet where there is freight of the same content.
    ///
    /// Refuses, in this order: unknown project or warehouse; for each version in turn a name that
    /// is no subscription of the warehouse, or several, one that is given twice, a version that
    /// was not discovered and does not say exactly what it is, or that means several; a
    /// subscription that is not named and has no candidate.
    func decide(_ command: AssembleFreight) throws(Stop) -> [EventDraft] {
        try made([try content(of: command)], in: command.project)
    }

    /// Makes freight that differs from other freight in the named artifacts; quiet where it is
    /// there.
    ///
    /// From a bundle the freight of its warehouses and a bundle with it; what is there already is
    /// used.
    ///
    /// Refuses, in this order: unknown project; freight that no reference names, or not clearly;
    /// a junction that is gone; for each version in turn a name that is no artifact of the
    /// freight, or several, one that is given twice, a warehouse that is gone, a version that was
    /// not discovered and does not say exactly what it is, or that means several.
    func decide(_ command: DeriveFreight) throws(Stop) -> [EventDraft] {
        try made(try contents(of: command), in: command.project)
    }

    /// The freight that creating, assembling or deriving comes to, whether it is there or is yet to
    /// be made; nil for every other command.
    package func freightMade() throws(FactsFailure) -> Result<FreightID, Refusal>? {
        do throws(Stop) {
            let id: FreightID?
            if case .createFreight(let command) = envelope.command {
                id = try candidate(of: command)
            } else if case .assembleFreight(let command) = envelope.command {
                id = try content(of: command).id
            } else if case .deriveFreight(let command) = envelope.command {
                let source = try freight(named: command.freight, in: command.project)
                id = try contents(of: command).last?.id ?? source.id
            } else {
                id = nil
            }
            return id.map { .success($0) }
        } catch {
            switch error {
            case .refused(let refusal): return .failure(refusal)
            case .failed(let failure): throw failure
            }
        }
    }

    private func candidate(of command: CreateFreight) throws(Stop) -> FreightID? {
        let spec = try warehouseSpec(command.warehouse, in: command.project)
        return try warehouseState(command.warehouse, in: command.project)
            .candidate(for: spec, of: command.warehouse)
    }

    private func content(of command: AssembleFreight) throws(Stop) -> FreightContent {
        let spec = try warehouseSpec(command.warehouse, in: command.project)
        let state = try warehouseState(command.warehouse, in: command.project)
        let sources = spec.subscriptions.map { ArtifactSource($0) }
        var artifacts: [Artifact?] = spec.subscriptions.map { _ in nil }
        for choice in command.versions {
            let index = try place(
                of: choice,
                in: sources,
                titles: sources.map(\.title),
                owner: "warehouse \(command.warehouse)",
                isTaken: { artifacts[$0] != nil }
            )
            artifacts[index] = try resolved(choice, of: sources[index], state)
        }
        for (index, subscription) in spec.subscriptions.enumerated() where artifacts[index] == nil {
            guard let chosen = state.chosen(for: subscription) else {
                throw .refused(
                    .nothingDiscovered(command.warehouse, subscription: sources[index].title)
                )
            }
            artifacts[index] = chosen
        }
        return FreightContent(artifacts.compactMap { $0 }, of: .warehouse(command.warehouse))
    }

    /// The freight to be derived: that of the warehouses first, the bundle last.
    private func contents(of command: DeriveFreight) throws(Stop) -> [FreightContent] {
        try requireProject(command.project)
        let source = try freight(named: command.freight, in: command.project)
        if let junction = source.origin.junction {
            _ = try junctionSpec(junction, in: command.project)
        }
        var leaves: [Freight] = []
        for leaf in source.leaves { leaves.append(try freight(leaf.freight, in: command.project)) }
        let derived = try replaced(
            in: leaves,
            command,
            owner: "freight \(try displayName(source.id, in: command.project))"
        )
        guard let junction = source.origin.junction else { return derived }
        let constituents = source.constituents.map { leaf in
            let changed = derived.first { $0.origin == leaf.origin }
            return Constituent(origin: leaf.origin, freight: changed?.id ?? leaf.freight)
        }
        var bundle = FreightContent(constituents, of: junction)
        bundle.making = .derived
        bundle.derivedFrom = source.id
        return derived + [bundle]
    }

    /// The leaves in which something is replaced, with it replaced.
    private func replaced(
        in leaves: [Freight],
        _ command: DeriveFreight,
        owner: String
    ) throws(Stop) -> [FreightContent] {
        var parts: [(leaf: Int, artifact: Int)] = []
        for (leaf, freight) in leaves.enumerated() {
            for artifact in freight.artifacts.indices { parts.append((leaf, artifact)) }
        }
        let sources = parts.map { ArtifactSource(leaves[$0.leaf].artifacts[$0.artifact]) }
        let titles = zip(parts, sources).map { part, source in
            leaves.count > 1 ? "\(leaves[part.leaf].origin):\(source.title)" : source.title
        }
        var chosen: [Int: Artifact] = [:]
        for choice in command.versions {
            let index = try place(
                of: choice,
                in: sources,
                titles: titles,
                owner: owner,
                isTaken: { chosen[$0] != nil }
            )
            let origin = leaves[parts[index].leaf].origin
            let warehouse = origin.warehouse ?? WarehouseName(unchecked: origin.name)
            _ = try warehouseSpec(warehouse, in: command.project)
            let state = try warehouseState(warehouse, in: command.project)
            chosen[index] = try resolved(choice, of: sources[index], state)
        }
        var contents: [FreightContent] = []
        for (leaf, freight) in leaves.enumerated() {
            var artifacts = freight.artifacts
            for (index, part) in parts.enumerated() where part.leaf == leaf {
                if let artifact = chosen[index] { artifacts[part.artifact] = artifact }
            }
            var content = FreightContent(artifacts, of: freight.origin)
            guard content.id != freight.id else { continue }
            content.making = .derived
            content.derivedFrom = freight.id
            contents.append(content)
        }
        return contents
    }

    /// Which of `sources` a choice names, whose titles are `titles`.
    private func place(
        of choice: VersionChoice,
        in sources: [ArtifactSource],
        titles: [String],
        owner: String,
        isTaken: (Int) -> Bool
    ) throws(Stop) -> Int {
        let named = titles.indices.filter { titles[$0] == choice.artifact }
        let matches =
            named.count == 1 ? named : ArtifactSource.named(choice.artifact, in: sources)
        if matches.count > 1 {
            throw .refused(
                .ambiguousArtifact(choice.artifact, of: owner, matches: matches.map { titles[$0] })
            )
        }
        guard let match = matches.first else {
            throw .refused(.unknownArtifact(choice.artifact, of: owner, known: titles))
        }
        if isTaken(match) { throw .refused(.versionGivenTwice(titles[match])) }
        return match
    }

    private func resolved(
        _ choice: VersionChoice,
        of source: ArtifactSource,
        _ state: WarehouseState
    ) throws(Stop) -> Artifact {
        let result = VersionResolution.artifact(
            choice.version,
            of: source,
            discovered: source.discovered(state)
        )
        switch result {
        case .success(let artifact): return artifact
        case .failure(let refusal): throw .refused(refusal)
        }
    }

    private func warehouseState(
        _ warehouse: WarehouseName,
        in project: ProjectName
    ) throws(Stop) -> WarehouseState {
        try ask { facts throws(FactsFailure) in try facts.warehouseState(warehouse, in: project) }
    }

    /// The events that make freight that is not there yet.
    private func made(
        _ contents: [FreightContent],
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        var drafts: [EventDraft] = []
        var aliases: Set<String> = []
        for content in contents {
            let existing = try ask { facts throws(FactsFailure) in
                try facts.freight(content.id, in: project)
            }
            guard existing == nil else { continue }
            var event = FreightCreated()
            event.freight = content.id
            event.origin = content.origin
            if content.origin.kind == .warehouse {
                event.kargoName = FreightIdentity.kargoName(
                    of: content.artifacts,
                    origin: content.origin
                )
            }
            event.artifacts = content.artifacts
            event.constituents = content.constituents
            event.making = content.making
            event.derivedFrom = content.derivedFrom
            event.alias = try freeAlias(for: content.id, in: project, besides: aliases)
            event.reason = envelope.reason
            aliases.insert(event.alias)
            drafts.append(
                EventDraft(
                    project: project,
                    subject: .freight(content.id),
                    event: .freightCreated(event)
                )
            )
        }
        return drafts
    }
}
