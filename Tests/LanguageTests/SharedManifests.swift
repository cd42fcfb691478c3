import Expressions
import Manifests
import PromotionModel
import Testing

/// Tasks, and what holds for all projects.
@Suite struct SharedManifests {
    private static func text(_ kind: String, _ metadata: String, _ spec: String) -> String {
        """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: \(kind)
        metadata: {\(metadata)}
        spec: \(spec)
        """
    }

    private static func task(_ spec: String) -> String {
        text("PromotionTask", "name: deploy, namespace: shop", spec)
    }

    private static let whole = """
        {vars: [{name: target}, {name: path, value: out}],
        steps: [{uses: git-clone, as: clone}, {uses: git-push, config: {path: '${{ vars.path }}'}}]}
        """

    static let problems: [(text: String, told: [String])] = [
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: PromotionTask\nmetadata: {name: a}\n",
            [
                "m.yaml:1:1: spec: the field is missing",
                "m.yaml:3:11: metadata.namespace: the field is missing: it names the project",
            ]
        ),
        (
            task("{steps: []}"),
            ["m.yaml:4:15: spec.steps: at least one step is wanted"]
        ),
        (
            task("{vars: [{name: a}, {name: a}], steps: [{task: {name: other}}]}"),
            [
                "m.yaml:4:14: spec.vars: element 1: a is declared twice",
                "m.yaml:4:53: spec.steps[0].task: a task holds no other task: write its steps here",
            ]
        ),
        (
            text("ClusterPromotionTask", "name: a, namespace: b", "{steps: [{uses: x}]}"),
            [
                "m.yaml:3:32: metadata.namespace: a ClusterPromotionTask is in no namespace: it is "
                    + "for all"
            ]
        ),
        (
            text("ClusterConfig", "name: all", "{gitClient: {email: nobody, name: 'a <b>'}}"),
            [
                "m.yaml:3:18: metadata.name: there is one ClusterConfig, with the name cluster",
                "m.yaml:4:27: spec.gitClient.email: an address such as bot@example.com is wanted "
                    + "here",
                "m.yaml:4:41: spec.gitClient.name: at most 256 bytes without <, > and control "
                    + "characters are wanted",
            ]
        ),
        (
            text("Freight", "name: a, namespace: b", "{}"),
            [
                "m.yaml:2:7: kind: a Freight is not applied: it happens rather than is "
                    + "configured; run waybill assemble --warehouse NAME"
            ]
        ),
        (
            text("Promotion", "name: a, namespace: b", "{}"),
            [
                "m.yaml:2:7: kind: a Promotion is not applied: it is asked for; run waybill "
                    + "promote --stage STAGE --freight FREIGHT"
            ]
        ),
        (
            text("PromotionTsk", "name: a, namespace: b", "{}"),
            [
                "m.yaml:2:7: kind: there is no kind \"PromotionTsk\" in kargo.akuity.io/v1alpha1; "
                    + "did you mean \"PromotionTask\"?"
            ]
        ),
    ]

    @Test(arguments: problems)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problemsToldOf(text) == told, "\(text)")
    }

    @Test func `tasks and what holds for all read back equal`() throws {
        let texts = [
            Self.task(Self.whole), Self.text("ClusterPromotionTask", "name: deploy", Self.whole),
            Self.text("ClusterConfig", "name: cluster", "{gitClient: {email: bot@example.com}}"),
            Self.text("ClusterConfig", "name: cluster", "{}"),
            stepText("task: {name: deploy, kind: ClusterPromotionTask}, as: x, forEach: changed"),
            configText(
                "{promotionPolicies: [{stageSelector: {matchExpressions: [{key: a, operator: In, "
                    + "values: [b, c]}, {key: d, operator: DoesNotExist}]}}]}"
            ),
        ]
        for text in texts {
            let resource = try #require(
                ManifestReader.read(text, file: "m.yaml").resources.first,
                "\(problemsToldOf(text))"
            )
            let written = ManifestWriter.yaml(of: resource)
            let again = ManifestReader.read(written, file: "w.yaml")
            #expect(again.problems.map(\.description) == [], "\(written)")
            #expect(again.resources.first?.specification == resource.specification, "\(written)")
            #expect(again.resources.first?.project == resource.project)
        }
    }

    @Test func `what this version does not do is told apart from what is wrong`() {
        let text = stageText("{\(directText), targets: {selectors: [{}]}, target: 1}")
        let problems = ManifestReader.read(text, file: "m.yaml").problems
        #expect(problems.map(\.isLimitation) == [true, false])
        let types = warehouseText(
            "{subscriptions: [{name: model, weights: {a: 1}}, {wieghts: {a: 1}}]}"
        )
        #expect(
            ManifestReader.read(types, file: "m.yaml").problems.map(\.isLimitation)
                == [true, false]
        )
    }

    // MARK: - Differences

    private func difference(_ before: String, _ after: String) throws -> ManifestDifference {
        let old: Resource = try #require(ManifestReader.read(before, file: "m").resources.first)
        let new: Resource = try #require(ManifestReader.read(after, file: "m").resources.first)
        return ManifestDifference(from: old, to: new)
    }

    @Test func `an element that is put into a list is the only one that differs`() throws {
        let steps = "{uses: a}, {uses: b}, {uses: c}"
        let before = stageText(
            "{\(directText), promotionTemplate: {spec: {steps: [\(steps)]}}}"
        )
        let after = before.replacing("{uses: b},", with: "{uses: x}, {uses: b},")
        let put = try difference(before, after)
        #expect(put.action == .changed)
        #expect(put.fields.map(\.path) == ["spec.promotionTemplate.spec.steps[1]"])
        let step: Value = ["uses": "x"]
        #expect(put.fields.first?.before == Value?.none && put.fields.first?.after == step)
        let taken = try difference(after, before)
        #expect(taken.fields.map(\.path) == ["spec.promotionTemplate.spec.steps[1]"])
        #expect(taken.fields.first?.before == step && taken.fields.first?.after == Value?.none)
        let changed = try difference(before, before.replacing("uses: b", with: "uses: z"))
        #expect(changed.fields.map(\.path) == ["spec.promotionTemplate.spec.steps[1].uses"])
        #expect(try difference(before, before).action == .unchanged)
    }

    @Test func `what is said at its default is no difference`() throws {
        let before = warehouseText("{subscriptions: [{git: {repoURL: 'https://a.example/r'}}]}")
        let after = before.replacing("{subscriptions", with: "{interval: 5m, subscriptions")
        #expect(try difference(before, after).action == .unchanged)
    }
}
