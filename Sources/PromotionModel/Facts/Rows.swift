package import EventLog
package import Wire

/// A specification as it stands, and when it was said.
package struct Configured<Spec: Message & Hashable>: Message, Hashable {
    package var spec = Spec()
    /// The event that said it.
    package var position = Position.origin
    /// The event that made the thing: its incarnation.
    package var incarnation = Position.origin
    /// The thing was deleted; its name may be used again.
    package var isRemoved = false

    package init() {}

    /// The specification that the event at `position` said.
    package init(spec: Spec, position: Position, incarnation: Position) {
        self.spec = spec
        self.position = position
        self.incarnation = incarnation
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "spec", &spec)
        try visitor.field(2, "position", &position)
        try visitor.field(3, "incarnation", &incarnation)
        try visitor.field(4, "isRemoved", &isRemoved)
    }
}

/// Freight in the order of its making.
package struct FreightEntry: Hashable, Sendable {
    package let position: Position
    package let freight: FreightID
    /// The freight that the event at `position` made.
    package init(position: Position, freight: FreightID) {
        self.position = position
        self.freight = freight
    }
}

/// A promotion in the order of requests.
package struct PromotionEntry: Hashable, Sendable {
    package let position: Position
    package let promotion: PromotionName
    /// The promotion that the event at `position` asked for.
    package init(position: Position, promotion: PromotionName) {
        self.position = position
        self.promotion = promotion
    }
}

/// Something that a stage ran, from the position at which it became current.
package struct CollectionEntry: Hashable, Sendable {
    package let position: Position
    package let promotion: PromotionName
    /// What `promotion` made current at `position`.
    package init(position: Position, promotion: PromotionName) {
        self.position = position
        self.promotion = promotion
    }
}

/// That a combination ran in a stage, and the last promotion that made it current there.
package struct CollectionMatch: Hashable, Sendable {
    package let collection: CollectionID
    package let stage: StageName
    package let promotion: PromotionName
    /// `promotion` made `collection` current in `stage`.
    package init(collection: CollectionID, stage: StageName, promotion: PromotionName) {
        self.collection = collection
        self.stage = stage
        self.promotion = promotion
    }
}

/// A row of a projection that an event changes.
///
/// Rows are never overwritten: the store keeps each under the position of its event, so what
/// was so at any position is one seek away. Indirect: lists of rows are handed on often, and the
/// largest state would make every row as large.
package indirect enum RowChange: Hashable, Sendable {
    case project(ProjectName, Configured<ProjectSpec>)
    case projectState(ProjectName, ProjectState)
    case warehouse(ProjectName, WarehouseName, Configured<WarehouseSpec>)
    case warehouseState(ProjectName, WarehouseName, WarehouseState)
    case stage(ProjectName, StageName, Configured<StageSpec>)
    case stageState(ProjectName, StageName, StageState)
    case junction(ProjectName, JunctionName, Configured<JunctionSpec>)
    case junctionState(ProjectName, JunctionName, JunctionState)
    /// A task of a project, or of no project: one for everybody.
    case task(ProjectName, TaskName, Configured<TaskSpec>)
    case cluster(Configured<ClusterSpec>)
    case freight(ProjectName, Freight)
    case freightStatus(ProjectName, FreightID, FreightStatus)
    /// `freight` has the alias from now on.
    case freightAlias(ProjectName, alias: String, FreightID)
    /// An entry of the index by origin, at the event's position.
    case freightOfOrigin(ProjectName, Origin, FreightID)
    /// Freight of an origin, made at `created`, was verified in a stage.
    case freightVerified(ProjectName, StageName, Origin, created: Position, FreightID)
    /// Freight of an origin, made at `created`, was approved for a stage or junction.
    case freightApproved(ProjectName, Consumer, Origin, created: Position, FreightID)
    /// A bundle was made that holds `leaf`.
    case bundleOfLeaf(ProjectName, leaf: FreightID, bundle: FreightID)
    /// The stages and junctions that take freight from a warehouse, junction or stage, all of
    /// them.
    case consumers(ProjectName, of: Subject, ConsumerList)
    case bookmark(ProjectName, name: String, Position)
    case token(TokenName, TokenState)
    /// `token` was issued with this digest.
    case tokenDigest(String, TokenName)
    case roles(Principal, RoleList)
    case promotion(ProjectName, Promotion)
    case promotionState(ProjectName, PromotionName, PromotionState)
    case step(ProjectName, PromotionName, UInt64, StepRecord)
    /// An entry of the index of a stage's promotions, at the event's position.
    case promotionOfStage(ProjectName, StageName, PromotionName)
    /// An entry of the index of what a stage ran, at the event's position.
    case collectionOfStage(ProjectName, StageName, PromotionName)
    /// An entry of the index of combinations by id: a promotion made it current in a stage.
    case promotionOfCollection(ProjectName, CollectionID, StageName, PromotionName)
}

/// The stages and junctions that take freight from one place, ordered.
package struct ConsumerList: Message, Hashable {
    package var consumers: [Subject] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "consumers", &consumers)
    }
}
