/// The kinds that are applied.
enum ManifestKind: String, CaseIterable {
    case project = "Project"
    case projectConfig = "ProjectConfig"
    case clusterConfig = "ClusterConfig"
    case warehouse = "Warehouse"
    case stage = "Stage"
    case junction = "Junction"
    case task = "PromotionTask"
    case clusterTask = "ClusterPromotionTask"

    var apiVersion: String {
        self == .junction ? ManifestReader.waybillVersion : ManifestReader.kargoVersion
    }

    /// Whether it is in no project.
    var isClusterWide: Bool {
        switch self {
        case .project, .clusterConfig, .clusterTask: true
        case .projectConfig, .warehouse, .stage, .junction, .task: false
        }
    }

    /// Kargo's other kinds, and what is done in their place.
    static let notApplied = [
        "Freight": "it happens rather than is configured; run waybill assemble --warehouse NAME",
        "Promotion": "it is asked for; run waybill promote --stage STAGE --freight FREIGHT",
        "PromotionRequest": "it is asked for; run waybill promote --stage STAGE --freight FREIGHT",
        "Target": "Waybill promotes to stages only; write a stage for it",
    ]
}
