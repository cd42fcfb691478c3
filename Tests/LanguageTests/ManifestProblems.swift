import Manifests
import PromotionModel
import Testing

@Suite struct ManifestProblems {
    static let documents: [(text: String, told: [String])] = [
        ("[1]", ["m.yaml:1:1: a map is wanted here, not a list"]),
        ("kind: Stage", ["m.yaml:1:1: apiVersion: the field is missing"]),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Stge\n",
            [
                "m.yaml:2:7: kind: there is no kind \"Stge\" in kargo.akuity.io/v1alpha1; "
                    + "did you mean \"Stage\"?"
            ]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Target\n",
            [
                "m.yaml:2:7: kind: a Target is not applied: Waybill promotes to stages only; write "
                    + "a stage for it"
            ]
        ),
        (
            "apiVersion: kargo.akuity.io/v1beta1\nkind: Stage\n",
            [
                "m.yaml:1:13: apiVersion: this version of kargo.akuity.io is not known; "
                    + "did you mean \"kargo.akuity.io/v1alpha1\"?"
            ]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Junction\n",
            ["m.yaml:1:13: apiVersion: Junction is a kind of waybill.dev/v1alpha1"]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: Shop}\n",
            [
                "m.yaml:3:18: metadata.name: \"Shop\" is no name: lower-case letters, digits, - "
                    + "and ., at most 63 bytes, a letter or digit first and last"
            ]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Stage\nmetadata: {name: a, nmespace: b}\n"
                + "spec: {\(directText)}",
            [
                "m.yaml:3:11: metadata.namespace: the field is missing: it names the project",
                "m.yaml:3:21: metadata.nmespace: there is no such field; did you mean "
                    + "\"namespace\"?",
            ]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: ProjectConfig\n"
                + "metadata: {name: a, namespace: b}\n",
            ["m.yaml:3:18: metadata.name: a ProjectConfig has the name of its namespace, b"]
        ),
        (
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: a}\n"
                + "spec: {x: 1}",
            ["m.yaml:4:7: spec: a Project has no spec: its policies are a ProjectConfig"]
        ),
        (
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: waybill.dev/v1alpha1\n"
                + "  kind: Junctoin\n",
            [
                "m.yaml:5:9: items[0].kind: there is no kind \"Junctoin\" in "
                    + "waybill.dev/v1alpha1; did you mean \"Junction\"?"
            ]
        ),
    ]

    @Test(arguments: documents)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problemsToldOf(text) == told, "\(text)")
    }

    @Test func `a document with a problem gives no resource and the others do`() {
        let right = stageText("{\(directText)}")
        let reading = ManifestReader.read(
            "\(right)\n---\n\(stageText("{}"))\n---\n# nothing\n---\n\(right)",
            file: "m.yaml"
        )
        #expect(reading.resources.count == 2)
        #expect(reading.resources.map(\.place?.line) == [1, 13])
        #expect(reading.problems.count == 1)
    }

    @Test func `documents of other groups are skipped with a notice`() {
        let reading = ManifestReader.read(
            "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nanything: true\n",
            file: "m.yaml"
        )
        #expect(reading.resources.isEmpty && reading.problems.isEmpty)
        #expect(
            reading.notices.map(\.description) == [
                "m.yaml:1:1: AnalysisTemplate of argoproj.io/v1alpha1 is skipped: Waybill applies "
                    + "kinds of kargo.akuity.io and waybill.dev"
            ]
        )
    }
}
