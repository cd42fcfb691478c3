import Manifests
import PromotionModel
import Testing

/// `spec.verification` of a Stage.
@Suite struct VerificationManifests {
    private static func text(_ fields: String) -> String {
        stageText(
            "{\(directText), promotionTemplate: {spec: {steps: [{uses: a}]}},\n"
                + "  verification: {\(fields)}}"
        )
    }

    private func read(_ fields: String) throws -> VerificationSpec? {
        let reading = ManifestReader.read(Self.text(fields), file: "m.yaml")
        #expect(reading.problems.map(\.description) == [])
        guard case .stage(_, let stage) = try #require(reading.resources.first).specification
        else {
            Issue.record("no stage")
            return nil
        }
        let written = ManifestReader.read(
            ManifestWriter.yaml(of: reading.resources[0]),
            file: "w.yaml"
        )
        #expect(written.resources.first?.specification == reading.resources[0].specification)
        return stage.verification
    }

    @Test func `all of Kargo's fields and ours arrive, and can be written again`() throws {
        let verification = try #require(
            try read(
                """
                analysisTemplates: [{name: smoke}, {name: load, kind: ClusterAnalysisTemplate},
                  {name: last, kind: AnalysisTemplate}],
                  analysisRunMetadata: {labels: {team: web, app: shop}, annotations: {a/b: "1"}},
                  args: [{name: service-name, value: "shop-${{ ctx.stage }}"},
                    {name: commit, value: '${{ commitFrom(vars.repo).ID }}'}],
                  blocking: false, external: assume
                """
            )
        )
        #expect(verification.templates == ["smoke", "ClusterAnalysisTemplate/load", "last"])
        #expect(verification.runLabels.map(\.name) == ["app", "team"])
        #expect(verification.runAnnotations == [Variable(name: "a/b", value: "1")])
        #expect(verification.args.map(\.name) == ["service-name", "commit"])
        #expect(verification.args[0].value == "shop-${{ ctx.stage }}")
        #expect(!verification.blocking && verification.external == .assume)
    }

    @Test func `steps are those of a promotion template`() throws {
        let verification = try #require(
            try read(
                """
                blocking: false, steps: [
                    {uses: git-clone, as: clone, config: {repoURL: '${{ vars.repo }}'}},
                    {task: {name: smoke}, vars: [{name: url, value: a}]},
                    {uses: fail, if: '${{ outputs.clone.commit == "" }}', retry: {timeout: 5m},
                      config: {message: nothing}, forEach: changed}]
                """
            )
        )
        #expect(verification.steps.map(\.uses) == ["git-clone", "", "fail"])
        #expect(verification.steps[1].task?.name == "smoke")
        #expect(!verification.blocking && verification.templates.isEmpty)
    }

    @Test(arguments: [
        "analysisTemplates: [{name: a}]",
        "analysisTemplates: [{name: a}], blocking: true, external: wait",
    ])
    func `pending promotions wait for a report unless the stage says otherwise`(
        fields: String
    ) throws {
        let verification = try #require(try read(fields))
        #expect(verification.blocking && verification.external == .wait)
    }

    @Test(arguments: ["", "analysisTemplates: []", "blocking: true, steps: []"])
    func `what says nothing is no verification`(fields: String) throws {
        #expect(try read(fields) == nil)
    }

    @Test func `what has no effect is told`() {
        let idle = ManifestReader.read(Self.text("blocking: false"), file: "m.yaml")
        #expect(
            idle.notices.map(\.description) == [
                "m.yaml:5:17: spec.verification: without steps or analysisTemplates what runs "
                    + "is verified at once"
            ]
        )
        let passing = ManifestReader.read(
            stageText("{\(directText), verification: {analysisTemplates: [{name: a}]}}"),
            file: "m.yaml"
        )
        #expect(
            passing.notices.map(\.description) == [
                "m.yaml:4:105: spec.verification: a stage without steps runs nothing to be verified"
            ]
        )
    }

    @Test(
        arguments: [
            (
                "analysisTemplates: [{kind: ClusterTemplate}, {name: A}]",
                [
                    "m.yaml:5:38: spec.verification.analysisTemplates[0].name: the field is "
                        + "missing",
                    "m.yaml:5:45: spec.verification.analysisTemplates[0].kind: \"ClusterTemplate\" "
                        + "is none of AnalysisTemplate, ClusterAnalysisTemplate",
                    "m.yaml:5:70: spec.verification.analysisTemplates[1].name: \"A\" is no name: "
                        + "lower-case letters, digits, - and ., at most 253 bytes, a letter or "
                        + "digit first and last",
                ]
            ),
            (
                "analysisTemplates: [{name: a}], blocking: no-one, external: assumed, wait: 1",
                [
                    "m.yaml:5:60: spec.verification.blocking: true or false is wanted here, not "
                        + "text",
                    "m.yaml:5:78: spec.verification.external: \"assumed\" is none of wait, assume; "
                        + "did you mean \"assume\"?",
                    "m.yaml:5:87: spec.verification.wait: there is no such field",
                ]
            ),
            (
                "args: [{name: a}, {name: b, value: 1}, {value: '${{ outputs.a }}'}]",
                [
                    "m.yaml:5:25: spec.verification.args[0].value: the field is missing",
                    "m.yaml:5:53: spec.verification.args[1].value: text is wanted here, not a "
                        + "number: write it in quotes, \"1\"",
                    "m.yaml:5:57: spec.verification.args[2].name: the field is missing",
                    "m.yaml:5:65: spec.verification.args[2].value: there is no variable outputs "
                        + "here\n     outputs.a \n     ^",
                ]
            ),
            (
                "steps: [{uses: git-push}, {uses: a, confg: {}}]",
                [
                    "m.yaml:5:33: spec.verification.steps[0].uses: a verification only looks at "
                        + "what runs, and git-push changes what others see; put it into "
                        + "promotionTemplate",
                    "m.yaml:5:54: spec.verification.steps[1].confg: there is no such field; did "
                        + "you mean \"config\"?",
                ]
            ),
            (
                "steps: [{uses: a}], analysisTemplates: [{name: a}], external: assume",
                [
                    "m.yaml:5:57: spec.verification.analysisTemplates: the steps say how it ends; "
                        + "leave them out, or the steps",
                    "m.yaml:5:80: spec.verification.external: the steps say how it ends; leave it "
                        + "out",
                ]
            ),
            (
                "analysisRunMetadata: {label: {a: b}}",
                [
                    "m.yaml:5:40: spec.verification.analysisRunMetadata.label: there is no such "
                        + "field; did you mean \"labels\"?"
                ]
            ),
        ] as [(String, [String])]
    )
    func `each problem is told with its place, field and rule`(fields: String, told: [String]) {
        #expect(problemsToldOf(Self.text(fields)) == told, "\(fields)")
    }
}
