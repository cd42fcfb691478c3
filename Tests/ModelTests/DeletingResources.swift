import EventLog
import PromotionModel
import Testing

@Suite struct DeletingResources {
    private func delete(_ resource: Subject, in world: inout World) {
        world.when(
            .deleteResource(DeleteResource(project: Shop.project, resource: resource)),
            reason: "it is not needed"
        )
    }

    private func prune(_ resources: [Resource], in world: inout World) {
        world.when(.applyManifests(ApplyManifests(resources: resources, prune: true)))
    }

    private func isRemoval(of subject: Subject, _ draft: EventDraft?) -> Bool {
        guard case .resourceRemoved(let event) = draft?.event else { return false }
        return event.resource == subject && draft?.subject == subject
    }

    // MARK: - Deleting

    @Test func `what nobody needs can be deleted, and is there no longer`() {
        var world = Shop.released()
        delete(.stage(Shop.prod), in: &world)
        #expect(isRemoval(of: .stage(Shop.prod), world.drafts.first))
        #expect(world.facts.stage(Shop.prod, in: Shop.project) == nil)
        #expect(!world.facts.stages(in: Shop.project).contains(Shop.prod))
        delete(.stage(Shop.prod), in: &world)
        #expect(world.refusal == .unknownStage(Shop.prod, in: Shop.project))
        delete(.junction(Shop.release), in: &world)
        delete(.stage(Shop.uat), in: &world)
        delete(.stage(Shop.dev), in: &world)
        delete(.warehouse(Shop.web), in: &world)
        #expect(world.facts.warehouses(in: Shop.project) == [Shop.checkout, Shop.payments])
    }

    @Test(arguments: [
        (Subject.warehouse(Shop.web), [Subject.junction(Shop.release), .stage(Shop.dev)]),
        (.warehouse(Shop.payments), [.junction(Shop.release), .stage(Shop.dev)]),
        (.stage(Shop.uat), [.junction(Shop.release), .stage(Shop.prod)]),
        (.junction(Shop.release), [.stage(Shop.prod)]),
    ])
    func `what others need is not deleted, and they are named`(
        resource: Subject,
        some: [Subject]
    ) {
        var world = Shop.settled()
        delete(resource, in: &world)
        guard case .stillNeeded(resource, let consumers) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(Set(some).isSubset(of: consumers), "\(consumers)")
        for consumer in some {
            #expect(world.refusal?.description.contains(consumer.rawValue) == true)
        }
    }

    @Test func `promotions that wait for a stage are aborted with it, one that runs refuses`()
        throws
    {
        var world = Shop.released()
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.repackage("second")
        for bundle in ["second", "first"] {
            world.when(
                .requestPromotion(
                    RequestPromotion(
                        project: Shop.project,
                        stage: Shop.prod,
                        selection: .named([bundle])
                    )
                )
            )
        }
        let pending = world.facts.stageState(Shop.prod, in: Shop.project).pending.map(\.name)
        try #require(pending.count == 2)
        var running = world
        running.when(
            .startPromotion(StartPromotion(project: Shop.project, promotion: pending[0]))
        )
        delete(.stage(Shop.prod), in: &running)
        #expect(running.refusal == .promotionUnderWay(pending[0], on: Shop.prod))

        delete(.stage(Shop.prod), in: &world)
        #expect(
            world.madeEvents == [.promotionAborted, .promotionAborted, .resourceRemoved]
        )
        for name in pending {
            let state = world.facts.promotionState(name, in: Shop.project)
            #expect(state.phase == .aborted && state.message == "stage prod was deleted")
        }
    }

    @Test func `projects stay, and so does what is no part of the configuration`() {
        var world = Shop.released()
        delete(.project(Shop.project), in: &world)
        #expect(world.refusal == .projectStays(Shop.project))
        let freight = Subject.freight(world.slot(Shop.web) ?? .init(unchecked: ""))
        delete(freight, in: &world)
        #expect(world.refusal == .cannotBeDeleted(freight))
        let other = ProjectName(unchecked: "other")
        world.when(
            .deleteResource(DeleteResource(project: other, resource: .project(other)))
        )
        #expect(world.refusal == .unknownProject(other), "before everything else")
        delete(.junction(JunctionName(unchecked: "nothing")), in: &world)
        #expect(
            world.refusal
                == .unknownJunction(JunctionName(unchecked: "nothing"), in: Shop.project)
        )
    }

    // MARK: - New incarnations

    @Test func `marks and holds from before a stage was made again do not count`() {
        var world = Shop.released()
        let web = world.slot(Shop.web)
        world.when(
            .rollBackStage(
                RollBackStage(
                    project: Shop.project,
                    stage: Shop.prod,
                    target: .freight("first")
                )
            )
        )
        delete(.stage(Shop.prod), in: &world)
        delete(.junction(Shop.release), in: &world)
        delete(.stage(Shop.uat), in: &world)
        world.given(Shop.manual)
        let state = world.facts.stageState(Shop.uat, in: Shop.project)
        #expect(state.current == nil && state.holds.isEmpty && state.unsuccessful.isEmpty)
        #expect(
            world.facts.freightStatus(web ?? .init(unchecked: ""), in: Shop.project)
                .current.map(\.stage) == [Shop.dev]
        )
        world.collect(web)
        guard case .freightNotAvailable(_, _, let why) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(why.hasPrefix("it is not verified in stage uat; "))
        world.givenPromotion(of: [web?.rawValue ?? ""], to: Shop.uat)
        world.collect(web)
        #expect(world.madeEvents == [.freightCollected])
    }

    @Test func `a stage that was made again does not go back to what the one before ran`() {
        var world = Shop.released()
        let before = world.facts.position
        world.givenNewIncarnation(of: Shop.prod)
        func rollBack(_ target: RollbackTarget) {
            world.when(
                .rollBackStage(
                    RollBackStage(project: Shop.project, stage: Shop.prod, target: target)
                )
            )
        }
        rollBack(.previous)
        #expect(world.refusal == .nothingRanEarlier(Shop.prod))
        rollBack(.position(before))
        #expect(world.refusal == .nothingRan(Shop.prod, at: "\(before)"))
        rollBack(.freight("first"))
        #expect(world.refusal == .unknownCollection("first", on: Shop.prod))
        world.givenPromotion(of: ["first"], to: Shop.prod)
        let again = world.facts.position
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.repackage("second")
        world.givenPromotion(of: ["second"], to: Shop.prod)
        rollBack(.position(again))
        #expect(world.madeEvents.first == .promotionRequested)
    }

    @Test func `what ran in a stage that was deleted is not called verified together in it`() throws
    {
        var world = Shop.settled()
        let leaves = Shop.warehouses.map {
            Constituent(origin: .warehouse($0), freight: world.slot($0) ?? .init(unchecked: ""))
        }
        #expect(try world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project))
        for resource in [Subject.stage(Shop.prod), .junction(Shop.release), .stage(Shop.uat)] {
            delete(resource, in: &world)
        }
        #expect(try !world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project))
        world.given(Shop.manual)
        #expect(try !world.facts.verifiedTogether(leaves, in: Shop.uat, of: Shop.project))
    }

    // MARK: - Pruning

    @Test func `pruning deletes what no document names, consumers first, in one command`() {
        var world = Shop.settled()
        let kept = Shop.resources.filter { resource in
            switch resource.specification {
            case .project, .projectConfig, .warehouse(Shop.payments, _): true
            default: false
            }
        }
        prune(kept, in: &world)
        let removed = world.drafts.map(\.subject)
        #expect(removed.count == 6 && world.drafts.allSatisfy { $0.event.type == .resourceRemoved })
        func index(_ subject: Subject) -> Int { removed.firstIndex(of: subject) ?? -1 }
        #expect(index(.stage(Shop.prod)) < index(.junction(Shop.release)))
        #expect(index(.junction(Shop.release)) < index(.stage(Shop.uat)))
        #expect(index(.stage(Shop.uat)) < index(.stage(Shop.dev)))
        #expect(index(.stage(Shop.dev)) < index(.warehouse(Shop.web)))
        #expect(world.facts.warehouses(in: Shop.project) == [Shop.payments])
        prune(kept, in: &world)
        #expect(world.verdict == .quiet)
    }

    @Test func `without pruning what no document names stays`() {
        var world = Shop.settled()
        world.given([Shop.resource(.project)])
        #expect(world.verdict == .quiet)
        #expect(world.facts.stages(in: Shop.project).count == 3)
    }

    @Test func `policies that no document has any more are gone with the rest`() {
        var world = Shop.settled()
        let kept = Shop.resources.filter { resource in
            if case .projectConfig = resource.specification { false } else { true }
        }
        prune(kept, in: &world)
        #expect(world.madeEvents == [.projectConfigured])
        #expect(world.facts.project(Shop.project)?.spec == ProjectSpec())
    }

    @Test func `what is applied must not need what is pruned, and nothing of it is kept then`() {
        var world = Shop.settled()
        let before = world.facts.position
        let kept = Shop.resources.filter { resource in
            if case .stage(Shop.dev, _) = resource.specification { false } else { true }
        }
        prune(kept, in: &world)
        guard case .manifestProblems(let problems) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(problems.count == 3, "each of uat's requests wants dev")
        #expect(
            problems.allSatisfy { $0.message.hasPrefix("there is no stage dev in project shop") }
        )
        #expect(world.facts.position == before)
    }

    @Test func `a promotion that runs refuses to be pruned`() {
        var world = Shop.released()
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named(["first"])
                )
            )
        )
        let name =
            world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
            ?? PromotionName(unchecked: "none")
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        prune([Shop.resource(.project)], in: &world)
        #expect(world.refusal == .promotionUnderWay(name, on: Shop.prod))
    }
}
