import Manifests

/// The problems of a text, as they are told.
func problemsToldOf(_ text: String) -> [String] {
    ManifestReader.read(text, file: "m.yaml").problems.map(\.description)
}

/// A stage's spec, from line 4, in a document that is right otherwise.
func stageText(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: Stage
    metadata: {name: uat, namespace: shop}
    spec: \(spec)
    """
}

func warehouseText(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: Warehouse
    metadata: {name: checkout, namespace: shop}
    spec: \(spec)
    """
}

func junctionText(_ spec: String) -> String {
    """
    apiVersion: waybill.dev/v1alpha1
    kind: Junction
    metadata: {name: release, namespace: shop}
    spec: \(spec)
    """
}

func configText(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: ProjectConfig
    metadata: {name: shop, namespace: shop}
    spec: \(spec)
    """
}

let originText = "origin: {kind: Warehouse, name: w}"
let directText = "requestedFreight: [{\(originText), sources: {direct: true}}]"

func stepText(_ fields: String) -> String {
    stageText("{\(directText), promotionTemplate: {spec: {steps: [{\(fields)}]}}}")
}

func requestText(_ fields: String) -> String {
    stageText("{requestedFreight: [{\(fields)}]}")
}

func gitText(_ fields: String) -> String {
    warehouseText("{subscriptions: [{git: {\(fields)}}]}")
}

func onGitText(_ fields: String) -> String {
    gitText("repoURL: 'https://example.com/r', \(fields)")
}
