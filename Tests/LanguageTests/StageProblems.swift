import Manifests
import Testing

@Suite struct StageProblems {
    static let stages: [(text: String, told: [String])] = [
        (
            stageText("{}"),
            [
                "m.yaml:4:7: spec.requestedFreight: the field is missing: at least one origin is "
                    + "wanted"
            ]
        ),
        (
            stageText("{requestedFreight: []}"),
            ["m.yaml:4:26: spec.requestedFreight: at least one origin is wanted"]
        ),
        (
            requestText("\(originText), sources: {}"),
            [
                "m.yaml:4:73: spec.requestedFreight[0].sources: nothing can be available: say "
                    + "direct: true, or name stages"
            ]
        ),
        (
            requestText("origin: {kind: Wharehouse, name: w}, sources: {direct: true}"),
            [
                "m.yaml:4:43: spec.requestedFreight[0].origin.kind: \"Wharehouse\" is none of "
                    + "Warehouse, Junction; did you mean \"Warehouse\"?"
            ]
        ),
        (
            stageText(
                "{requestedFreight: [{\(originText), sources: {direct: true}}, "
                    + "{\(originText), sources: {stages: [a, a]}}]}"
            ),
            [
                "m.yaml:4:99: spec.requestedFreight[1].origin: Warehouse/w is requested twice",
                "m.yaml:4:145: spec.requestedFreight[1].sources.stages: the stage a is there twice",
            ]
        ),
        (
            requestText("\(originText), sources: {direct: yes, stages: [A], requiredSoakTime: 1d}"),
            [
                "m.yaml:4:95: spec.requestedFreight[0].sources.stages: element 0: \"A\" is no "
                    + "name: lower-case letters, digits, - and ., at most 253 bytes, a letter or "
                    + "digit first and last",
                "m.yaml:4:118: spec.requestedFreight[0].sources.requiredSoakTime: a duration such "
                    + "as 1h30m is wanted here, not \"1d\"",
            ]
        ),
        (
            requestText(
                "\(originText), sources: {direct: true, autoPromotionOptions: "
                    + "{selectionPolicy: MatchUpstream}}"
            ),
            [
                "m.yaml:4:128: spec.requestedFreight[0].sources.autoPromotionOptions."
                    + "selectionPolicy: MatchUpstream cannot be used with direct: true"
            ]
        ),
        (
            requestText(
                "\(originText), sources: {stages: [a, b], availabilityStrategy: Most, "
                    + "autoPromotionOptions: {selectionPolicy: MatchUpstream}}"
            ),
            [
                "m.yaml:4:112: spec.requestedFreight[0].sources.availabilityStrategy: \"Most\" is "
                    + "none of OneOf, All",
                "m.yaml:4:158: spec.requestedFreight[0].sources.autoPromotionOptions."
                    + "selectionPolicy: MatchUpstream wants exactly one upstream stage, not 2",
            ]
        ),
        (
            requestText("\(originText), sources: {direct: true}, optional: true"),
            ["m.yaml:4:89: spec.requestedFreight[0].optional: there is no such field"]
        ),
        (stageText("{\(directText), verification: {}, shard: east}"), []),
        (
            stageText("{\(directText), targets: {selectors: [1]}, promotionQueue: Last}"),
            [
                "m.yaml:4:100: spec.targets: this version does not promote to targets",
                "m.yaml:4:134: spec.promotionQueue: \"Last\" is none of All, Latest, Coalesce",
            ]
        ),
        (stageText("{\(directText), promotionQueue: Coalesce}"), []),
        (
            stageText("{\(directText), vars: [{name: 1a, value: x}, {value: 1}]}"),
            [
                "m.yaml:4:105: spec.vars[0].name: \"1a\" is no name of a variable: letters, digits "
                    + "and _, no digit first",
                "m.yaml:4:120: spec.vars[1].name: the field is missing",
                "m.yaml:4:128: spec.vars[1].value: text is wanted here, not a number: write it in "
                    + "quotes, \"1\"",
            ]
        ),
    ]

    static let steps: [(text: String, told: [String])] = [
        (
            stepText("as: x"),
            ["m.yaml:4:126: spec.promotionTemplate.spec.steps[0].uses: the field is missing"]
        ),
        (
            stepText("task: {name: t, kind: Task}, uses: a, if: 'x', config: {a: 1}"),
            [
                "m.yaml:4:149: spec.promotionTemplate.spec.steps[0].task.kind: \"Task\" is none of "
                    + "PromotionTask, ClusterPromotionTask",
                "m.yaml:4:162: spec.promotionTemplate.spec.steps[0].uses: the step stands for a "
                    + "task: it has as, task, vars and forEach only",
                "m.yaml:4:169: spec.promotionTemplate.spec.steps[0].if: the step stands for a "
                    + "task: it has as, task, vars and forEach only",
                "m.yaml:4:169: spec.promotionTemplate.spec.steps[0].if: a condition is an "
                    + "expression in ${{ }}, which text alone never is",
                "m.yaml:4:182: spec.promotionTemplate.spec.steps[0].config: the step stands for a "
                    + "task: it has as, task, vars and forEach only",
            ]
        ),
        (stepText("task: {name: t}, as: deploy, vars: [{name: a, value: b}]"), []),
        (
            stepText("uses: a, as: 'x::y'"),
            [
                "m.yaml:4:140: spec.promotionTemplate.spec.steps[0].as: \"::\" stands between "
                    + "tasks and steps"
            ]
        ),
        (
            stepText("uses: a, as: step-1, continueOnError: 1, forEach: change"),
            [
                "m.yaml:4:140: spec.promotionTemplate.spec.steps[0].as: names such as step-1 and "
                    + "task-1 are given to steps without one",
                "m.yaml:4:165: spec.promotionTemplate.spec.steps[0].continueOnError: true or false "
                    + "is wanted here, not a number",
                "m.yaml:4:177: spec.promotionTemplate.spec.steps[0].forEach: \"change\" is none of "
                    + "changed, components; did you mean \"changed\"?",
            ]
        ),
        (
            stepText("uses: a, as: x}, {uses: b, as: x"),
            [
                "m.yaml:4:158: spec.promotionTemplate.spec.steps[1].as: another step has the name "
                    + "\"x\""
            ]
        ),
        (
            stepText("uses: a, retry: {timeout: 5, errorThreshold: -1, times: 3}"),
            [
                "m.yaml:4:153: spec.promotionTemplate.spec.steps[0].retry.timeout: text is wanted "
                    + "here, not a number: write it in quotes, \"5\"",
                "m.yaml:4:172: spec.promotionTemplate.spec.steps[0].retry.errorThreshold: a whole "
                    + "number from 0 to 4294967295 is wanted here",
                "m.yaml:4:176: spec.promotionTemplate.spec.steps[0].retry.times: there is no such "
                    + "field",
            ]
        ),
        (
            stepText("uses: a, config: [1]"),
            [
                "m.yaml:4:144: spec.promotionTemplate.spec.steps[0].config: a map is wanted here, "
                    + "not a list"
            ]
        ),
        (
            stepText("uses: a, if: 'true'"),
            [
                "m.yaml:4:140: spec.promotionTemplate.spec.steps[0].if: a condition is an "
                    + "expression in ${{ }}, which text alone never is"
            ]
        ),
        (
            stepText("uses: a, config: {paths: [{to: 'x/${{ vars.a + }}'}]}"),
            [
                "m.yaml:4:158: spec.promotionTemplate.spec.steps[0].config.paths[0].to: the "
                    + "expression ends too early\n     vars.a + \n              ^"
            ]
        ),
        (
            stepText("uses: a, config: {x: '${{ vras.a }}', y: '${{ comitFrom(1) }}', z: '${{ 1'}"),
            [
                "m.yaml:4:148: spec.promotionTemplate.spec.steps[0].config.x: there is no variable "
                    + "vras here\n     vras.a \n     ^; did you mean \"vars\"?",
                "m.yaml:4:168: spec.promotionTemplate.spec.steps[0].config.y: there is no function "
                    + "comitFrom() here\n     comitFrom(1) \n     ^; did you mean \"commitFrom\"?",
                "m.yaml:4:194: spec.promotionTemplate.spec.steps[0].config.z: the end mark }} is "
                    + "missing\n    ${{ 1\n    ^",
            ]
        ),
        (stepText("uses: a, config: {x: '${{ let y = vars.a; map([1], # + y) }}'}"), []),
    ]

    @Test(arguments: stages + steps)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problemsToldOf(text) == told, "\(text)")
    }
}
