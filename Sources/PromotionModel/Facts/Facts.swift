package import EventLog
package import Wire

/// How the pure model asks what is so: read-only, synchronous, as of one position.
///
/// Conformers: a transaction of the writer, a view at a moment, and a dictionary. They answer
/// alike; whatever differs between them is a defect.
package protocol Facts {
    /// The last event that the answers take into account.
    var position: Position { get }
    /// The same facts as they were after an earlier event.
    func asOf(_ position: Position) -> Self

    /// All projects, in order.
    func projects() throws(FactsFailure) -> [ProjectName]
    /// The configuration of a project; nil if there is no such project.
    func project(_ name: ProjectName) throws(FactsFailure) -> Configured<ProjectSpec>?
    /// What changes about a project; blank if nothing has.
    func projectState(_ name: ProjectName) throws(FactsFailure) -> ProjectState
    /// The stages and junctions that take freight from a warehouse, junction or stage, in order;
    /// those stages of the project whose steps name a task.
    func consumers(
        of provider: Subject,
        in project: ProjectName
    ) throws(FactsFailure) -> [Subject]
    /// The position that a bookmark names.
    func bookmark(_ name: String, in project: ProjectName) throws(FactsFailure) -> Position?
    /// The bookmarks of a project, in order.
    func bookmarks(in project: ProjectName) throws(FactsFailure) -> [String]

    /// A token that was ever issued, as it stands.
    func token(_ name: TokenName) throws(FactsFailure) -> TokenState?
    /// The token that was issued with a digest, under whatever name; it may have been replaced.
    func token(withDigest digest: String) throws(FactsFailure) -> TokenName?
    /// The tokens that were ever issued, in order.
    func tokens() throws(FactsFailure) -> [TokenName]
    /// The roles of a token, user or group; none if nobody granted any.
    func roles(of principal: Principal) throws(FactsFailure) -> RoleList
    /// Whoever was ever granted a role, in order.
    func principals() throws(FactsFailure) -> [Principal]

    /// The warehouses of a project, in order.
    func warehouses(in project: ProjectName) throws(FactsFailure) -> [WarehouseName]
    /// The configuration of a warehouse.
    func warehouse(
        _ name: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<WarehouseSpec>?
    /// What a warehouse has seen; blank if nothing.
    func warehouseState(
        _ name: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> WarehouseState

    /// The stages of a project, in order.
    func stages(in project: ProjectName) throws(FactsFailure) -> [StageName]
    /// The configuration of a stage.
    func stage(
        _ name: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<StageSpec>?
    /// What a stage runs and does; blank if nothing yet.
    func stageState(
        _ name: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> StageState

    /// The junctions of a project, in order.
    func junctions(in project: ProjectName) throws(FactsFailure) -> [JunctionName]
    /// The configuration of a junction.
    func junction(
        _ name: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<JunctionSpec>?
    /// What a junction holds; blank if nothing yet.
    func junctionState(
        _ name: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> JunctionState

    /// The promotion tasks of a project, in order; of `.cluster`, those for everybody.
    func tasks(in project: ProjectName) throws(FactsFailure) -> [TaskName]
    /// The configuration of a promotion task.
    func task(
        _ name: TaskName,
        in project: ProjectName
    ) throws(FactsFailure) -> Configured<TaskSpec>?
    /// What holds for all projects; nil if nothing was ever said.
    func cluster() throws(FactsFailure) -> Configured<ClusterSpec>?

    /// A piece of freight.
    func freight(_ id: FreightID, in project: ProjectName) throws(FactsFailure) -> Freight?
    /// What changes about freight; blank if the freight is unknown.
    func freightStatus(
        _ id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightStatus
    /// The freight that has an alias now.
    func freight(
        withAlias alias: String,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightID?
    /// Freight whose id or Kargo name begins with `prefix`, at most `limit`, in order.
    func freight(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [FreightID]
    /// Freight of an origin, made (or, bundles, last repackaged) before `before`, newest first.
    ///
    /// A bundle that was repackaged again is listed once for each time.
    func freight(
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]

    /// Freight of an origin that was ever verified in a stage, made before `before`, newest
    /// first, each once; `position` is that of its making.
    ///
    /// An index: whether it counts now is the business of availability.
    func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]
    /// Freight of an origin that was ever verified in a stage before `before`, the latest
    /// verification first; once for each time.
    func freight(
        verifiedIn stage: StageName,
        of origin: Origin,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]
    /// Freight of an origin that was ever approved for a stage or junction, made before
    /// `before`, newest first, each once; `position` is that of its making.
    func freight(
        approvedFor consumer: Consumer,
        of origin: Origin,
        in project: ProjectName,
        createdBefore before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]
    /// Bundles that hold a leaf, made before `before`, newest first.
    func bundles(
        holding leaf: FreightID,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]
    /// Freight of warehouses with an artifact whose commit id, tag, digest or version begins
    /// with `key` (`ArtifactKey`), newest first, each once, at most `limit`.
    func freight(
        withArtifact key: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry]

    /// What was asked for by a promotion.
    func promotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Promotion?
    /// How far a promotion is; blank if it is unknown.
    func promotionState(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> PromotionState
    /// What is known of a step, by its index in the promotion's plan.
    func step(
        _ index: UInt64,
        of promotion: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> StepRecord?
    /// The promotions of a stage, requested before `before`, newest first.
    func promotions(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [PromotionEntry]
    /// What a stage ran, from before `before`, newest first.
    func collections(
        of stage: StageName,
        in project: ProjectName,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [CollectionEntry]
    /// The combinations whose id begins with `prefix`, by id and stage, at most `limit`; once for
    /// each stage that ever ran them, with the last promotion that made them current there.
    func collections(
        withPrefix prefix: String,
        in project: ProjectName,
        limit: Int
    ) throws(FactsFailure) -> [CollectionMatch]
}

/// Why a fact could not be had: the store broke, or holds what cannot be.
package enum FactsFailure: Error, Hashable, Sendable {
    /// The store's own sentence.
    case storage(String)
    /// A row of `table` that cannot be read.
    case undecodable(table: String, WireError)
    /// Rows that contradict each other: a defect or a rotten file.
    case inconsistent(String)
}

extension FactsFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .storage(let sentence): sentence
        case .undecodable(let table, let error):
            "a row of the table \(table) cannot be read (\(error)); run waybill ledger rebuild"
        case .inconsistent(let sentence): "\(sentence); run waybill ledger replay"
        }
    }
}
