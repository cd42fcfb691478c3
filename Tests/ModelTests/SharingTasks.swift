import EventLog
import PromotionModel
import Testing

@Suite struct SharingTasks {
    private static let deploy = TaskName(unchecked: "deploy")
    private static let bakery = ProjectName(unchecked: "bakery")

    /// A task that wants to be told `target`, and has two steps.
    private static func task(default target: String = "") -> TaskSpec {
        var task = TaskSpec()
        task.vars = [Variable(name: "target", value: target)]
        task.steps = [Shop.step("render"), Shop.step("push")]
        return task
    }

    private static func reference(_ kind: TaskKind, _ name: String = "deploy") -> TaskReference {
        TaskReference(kind: kind, name: name)
    }

    /// A step that stands for a task, and tells it `target` unless that is nil.
    private static func step(
        _ reference: TaskReference,
        target: String? = "dev",
        forEach: StepRepetition? = nil
    ) -> StepTemplate {
        var step = StepTemplate()
        step.task = reference
        step.vars = target.map { [Variable(name: "target", value: $0)] } ?? []
        step.forEach = forEach
        return step
    }

    /// The shop whose dev stage clones, and then does `step`.
    private static func resources(_ step: StepTemplate, _ tasks: Resource...) -> [Resource] {
        var spec = Shop.stage(Shop.warehouses.map { Shop.direct($0) })
        var clone = Shop.step("clone")
        clone.alias = nil
        var last = Shop.step("report")
        last.alias = nil
        spec.steps = [clone, step, last]
        let others = Shop.resources.filter { $0.specification.title != "Stage/dev" }
        return others + [Shop.resource(.stage(Shop.dev, spec))] + tasks
    }

    private static let own = Shop.resource(.task(deploy, task()))

    private static func shared(_ spec: TaskSpec = task()) -> Resource {
        Resource(project: .cluster, specification: .clusterTask(deploy, spec))
    }

    private func problems(_ resources: [Resource]) -> [String] {
        var world = World()
        return problems(resources, in: &world)
    }

    private func problems(_ resources: [Resource], in world: inout World) -> [String] {
        let before = world.events.count
        world.when(.applyManifests(ApplyManifests(resources: resources)))
        guard case .manifestProblems(let problems) = world.refusal else { return [] }
        #expect(world.events.count == before, "nothing of a failing apply is recorded")
        return problems.map { "\($0.resource) \($0.field): \($0.message)" }
    }

    private func delete(_ task: Subject, _ project: ProjectName, in world: inout World) {
        world.when(.deleteResource(DeleteResource(project: project, resource: task)))
    }

    // MARK: - Configuring

    @Test func `a task is an event of its project, one for everybody of no project`() {
        var world = World()
        world.given([Shop.resource(.project), Self.own, Self.shared()])
        #expect(
            world.madeEvents == [
                .promotionTaskConfigured, .projectConfigured, .promotionTaskConfigured,
            ]
        )
        #expect(world.drafts.map(\.project) == [.cluster, Shop.project, Shop.project])
        #expect(
            world.drafts.map(\.subject.rawValue) == [
                "clustertask/deploy", "project/shop", "task/deploy",
            ]
        )
        #expect(world.facts.tasks(in: Shop.project) == [Self.deploy])
        #expect(world.facts.tasks(in: .cluster) == [Self.deploy])
        #expect(world.facts.projects() == [Shop.project])
        world.when(
            .applyManifests(
                ApplyManifests(resources: [Shop.resource(.project), Self.own, Self.shared()])
            )
        )
        #expect(world.verdict == .quiet)
    }

    @Test func `what holds for all projects is said once`() {
        var cluster = ClusterSpec()
        cluster.gitClient = GitClient()
        cluster.gitClient?.name = "Release bot"
        let resource = Resource(project: .cluster, specification: .cluster(cluster))
        var world = World()
        world.given([resource])
        #expect(world.madeEvents == [.clusterConfigured])
        #expect(world.facts.cluster()?.spec == cluster)
        world.when(.applyManifests(ApplyManifests(resources: [resource])))
        #expect(world.verdict == .quiet)
        #expect(
            problems([resource, resource], in: &world) == [
                "ClusterConfig metadata.name: it is in another document too; keep one of them"
            ]
        )
    }

    @Test func `a promotion is performed with the name that held when it was asked for`() throws {
        func resource(_ name: String) -> Resource {
            var cluster = ClusterSpec()
            cluster.gitClient = GitClient()
            cluster.gitClient?.name = name
            return Resource(project: .cluster, specification: .cluster(cluster))
        }
        var world = World()
        world.given(Shop.manual + [resource("first")])
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        let name = world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.given([resource("second")])
        let job = try world.facts.job(
            for: name,
            in: Shop.project,
            anchor: LogAnchor(ledger: LedgerID(text: "l"), size: 0, root: .zero)
        )
        #expect(job?.gitClient?.name == "first")
        #expect(world.facts.cluster()?.spec.gitClient?.name == "second")
    }

    // MARK: - Problems

    @Test func `a task that is not there is a problem with the nearest name`() {
        let field = "Stage/dev spec.promotionTemplate.spec.steps[1].task: "
        #expect(
            problems(Self.resources(Self.step(Self.reference(.project)))) == [
                field + "there is no PromotionTask/deploy in project shop; apply it with this"
            ]
        )
        #expect(
            problems(Self.resources(Self.step(Self.reference(.project, "deplyo")), Self.own)) == [
                field + "there is no PromotionTask/deplyo in project shop; did you mean "
                    + "\"deploy\"?"
            ]
        )
        #expect(
            problems(Self.resources(Self.step(Self.reference(.project)), Self.shared())) == [
                field + "there is no PromotionTask/deploy in project shop; did you mean kind: "
                    + "ClusterPromotionTask?"
            ]
        )
        #expect(
            problems(Self.resources(Self.step(Self.reference(.cluster)), Self.own)) == [
                field + "there is no ClusterPromotionTask/deploy; did you mean kind: PromotionTask?"
            ]
        )
    }

    @Test func `a variable without a value must be given one, by the step or by the stage`() {
        let step = Self.step(Self.reference(.project), target: nil)
        let sentence =
            "Stage/dev spec.promotionTemplate.spec.steps[1].vars: PromotionTask/deploy wants the "
            + "variable target, which has no default; give it a value here"
        #expect(problems(Self.resources(step, Self.own)) == [sentence])
        let told = Shop.resource(.task(Self.deploy, Self.task(default: "prod")))
        #expect(problems(Self.resources(step, told)) == [])

        var world = World()
        world.given(Self.resources(step, told))
        #expect(problems([Self.own], in: &world) == [sentence], "the stage is not among them")
    }

    @Test func `a change of a task for everybody is judged in every project that uses it`() {
        let step = Self.step(Self.reference(.cluster), target: nil)
        var world = World()
        world.given(Self.resources(step, Self.shared(Self.task(default: "prod"))))
        let found = problems([Self.shared()], in: &world)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("Stage/dev spec.promotionTemplate") == true)
    }

    // MARK: - Promoting

    private func requested(_ resources: [Resource]) -> (world: World, promotion: Promotion?) {
        var world = World()
        world.given(resources)
        for warehouse in [Shop.web, Shop.checkout] {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        let web = world.newestFreight(of: Shop.web)?.rawValue ?? ""
        let checkout = world.newestFreight(of: Shop.checkout)?.rawValue ?? ""
        let name = world.givenPromotion(of: [web, checkout], to: Shop.dev)
        return (world, world.facts.promotion(name, in: Shop.project))
    }

    @Test(arguments: [TaskKind.project, .cluster])
    func `a promotion has the steps of tasks in their places`(kind: TaskKind) {
        let (world, promotion) = requested(
            Self.resources(Self.step(Self.reference(kind)), Self.own, Self.shared())
        )
        #expect(
            promotion?.steps.map(\.alias) == [
                "step-1", "task-2::render", "task-2::push", "step-3",
            ]
        )
        #expect(promotion?.steps[1].vars == [Variable(name: "target", value: "dev")])
        #expect(promotion?.steps.allSatisfy { $0.task == nil } == true)
        let name = promotion?.name ?? PromotionName(unchecked: "")
        let state = world.facts.promotionState(name, in: Shop.project)
        #expect(state.phase == .succeeded && state.plan.count == 4)
    }

    @Test func `what is asked for already keeps the steps that the task had then`() {
        let resources = Self.resources(Self.step(Self.reference(.project)), Self.own)
        var (world, promotion) = requested(resources)
        var changed = Self.task()
        changed.steps.append(Shop.step("more"))
        world.given([Shop.resource(.task(Self.deploy, changed))])
        let name = promotion?.name ?? PromotionName(unchecked: "")
        #expect(world.facts.promotion(name, in: Shop.project)?.steps == promotion?.steps)
        let again = world.givenPromotion(
            of: [world.newestFreight(of: Shop.web)?.rawValue ?? ""],
            to: Shop.dev
        )
        #expect(world.facts.promotion(again, in: Shop.project)?.steps.count == 5)
    }

    @Test func `a task that is repeated is repeated as a whole, each time as a task of its own`() {
        let step = Self.step(Self.reference(.project), forEach: .changed)
        let (world, promotion) = requested(Self.resources(step, Self.own))
        let name = promotion?.name ?? PromotionName(unchecked: "")
        #expect(
            world.facts.promotionState(name, in: Shop.project).plan.map(\.alias) == [
                "step-1", "task-2[Warehouse/checkout]::render", "task-2[Warehouse/checkout]::push",
                "task-2[Warehouse/web]::render", "task-2[Warehouse/web]::push", "step-3",
            ]
        )
    }

    @Test func `rollback does today's steps of the task`() {
        let resources = Self.resources(Self.step(Self.reference(.project)), Self.own)
        var (world, _) = requested(resources)
        world.givenFreight(Shop.web, commit: "web-2")
        world.givenPromotion(
            of: [world.newestFreight(of: Shop.web)?.rawValue ?? ""],
            to: Shop.dev
        )
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.dev, target: .previous)
            )
        )
        guard case .promotionRequested(let event) = world.drafts.first?.event else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.request.steps.count == 4)
    }

    // MARK: - Deleting

    @Test func `a task that a stage uses is not deleted, and the stage is named`() {
        var world = World()
        world.given(Self.resources(Self.step(Self.reference(.project)), Self.own))
        delete(.task(Self.deploy), Shop.project, in: &world)
        #expect(world.refusal == .stillNeeded(.task(Self.deploy), by: [.stage(Shop.dev)]))
        #expect(
            world.refusal?.description
                == "task/deploy is needed by stage/dev; take it out of its steps first, see "
                + "waybill describe stage/dev"
        )
        world.given([
            Shop.resource(.stage(Shop.dev, Shop.stage(Shop.warehouses.map { Shop.direct($0) })))
        ])
        delete(.task(Self.deploy), Shop.project, in: &world)
        #expect(world.madeEvents == [.resourceRemoved])
        #expect(world.facts.task(Self.deploy, in: Shop.project) == nil)
        delete(.task(Self.deploy), Shop.project, in: &world)
        #expect(world.refusal == .unknownTask(Self.deploy, in: Shop.project))
    }

    @Test func `a task for everybody is not deleted while any project uses it`() {
        var world = World()
        world.given(Self.resources(Self.step(Self.reference(.cluster)), Self.shared()))
        delete(.clusterTask(Self.deploy), .cluster, in: &world)
        #expect(
            world.refusal
                == .clusterTaskNeeded(Self.deploy, by: ["stage/dev of project shop"])
        )
        world.given([
            Shop.resource(.stage(Shop.dev, Shop.stage(Shop.warehouses.map { Shop.direct($0) })))
        ])
        delete(.clusterTask(Self.deploy), .cluster, in: &world)
        #expect(world.drafts.map(\.project) == [.cluster])
        delete(.clusterTask(Self.deploy), .cluster, in: &world)
        #expect(world.refusal == .unknownTask(Self.deploy, in: nil))
    }

    @Test func `pruning deletes tasks that no document names, and none for everybody`() {
        var world = World()
        let resources = Self.resources(Self.step(Self.reference(.project)), Self.own)
        world.given(resources + [Self.shared()])
        world.when(.applyManifests(ApplyManifests(resources: Shop.resources, prune: true)))
        #expect(world.madeEvents == [.stageConfigured, .resourceRemoved])
        #expect(world.facts.tasks(in: Shop.project).isEmpty)
        #expect(world.facts.tasks(in: .cluster) == [Self.deploy])
        let kept = resources.filter { $0.specification.title != "PromotionTask/deploy" }
        world.given(resources)
        world.when(.applyManifests(ApplyManifests(resources: kept, prune: true)))
        guard case .manifestProblems(let problems) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(problems.map(\.field) == ["spec.promotionTemplate.spec.steps[1].task"])
    }
}
