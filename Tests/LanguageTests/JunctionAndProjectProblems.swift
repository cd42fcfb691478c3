import Manifests
import Testing

@Suite struct JunctionAndProjectProblems {
    static let others: [(text: String, told: [String])] = [
        (
            junctionText(
                "{\(directText), collection: {policy: Sometimes, select: Newest}, repackaging: "
                    + "{debounce: soon, debounceMax: 10m, requireVerifiedTogether: perhaps}}"
            ),
            [
                "m.yaml:4:112: spec.collection.policy: \"Sometimes\" is none of Automatic, Manual",
                "m.yaml:4:131: spec.collection.select: \"Newest\" is none of NewestFreight, "
                    + "NewestVerified, MatchUpstream",
                "m.yaml:4:164: spec.repackaging.debounce: a duration such as 1h30m is wanted here, "
                    + "not \"soon\"",
                "m.yaml:4:183: spec.repackaging.debounceMax: it bounds debounce: say debounce too",
                "m.yaml:4:213: spec.repackaging.requireVerifiedTogether: true or false is wanted "
                    + "here, not text",
            ]
        ),
        (
            junctionText(
                "{\(directText), repackaging: {policy: Automatic, debounce: 10m, debounceMax: 5m, "
                    + "criteria: {expression: len(change) > 0, exprission: x}}}"
            ),
            [
                "m.yaml:4:152: spec.repackaging.debounceMax: it is shorter than debounce, which it "
                    + "bounds",
                "m.yaml:4:179: spec.repackaging.criteria.expression: there is no variable change "
                    + "here\n    len(change) > 0\n        ^; did you mean \"changed\"?",
                "m.yaml:4:196: spec.repackaging.criteria.exprission: there is no such field",
            ]
        ),
        (
            junctionText(
                "{\(directText), repackaging: {policy: Automatic, criteria: {expression: "
                    + "'any(changed, #.name ==)'}}}"
            ),
            [
                "m.yaml:4:147: spec.repackaging.criteria.expression: ) cannot stand here\n"
                    + "    any(changed, #.name ==)\n                          ^"
            ]
        ),
        (
            junctionText(
                "{\(directText), repackaging: {policy: Automatic, debounce: 10m, debounceMax: 1h, "
                    + "criteria: {expression: lastRepackaged == nil || len(artifacts) > 1 "
                    + "|| secondsSince(lastRepackaged) > 60}, requireVerifiedTogether: true}}"
            ), []
        ),
        (
            junctionText("{\(directText), collection: {select: MatchUpstream}}"),
            [
                "m.yaml:4:112: spec.collection.select: MatchUpstream wants exactly one upstream "
                    + "stage for Warehouse/w and no direct: true"
            ]
        ),
        (
            junctionText("{\(directText), repackaging: {requireVerifiedTogether: false}}"), []
        ),
        (
            configText(
                "{promotionPolicies: [{autoPromotionEnabled: true}, {stage: a}, {stage: a}]}"
            ),
            [
                "m.yaml:4:28: spec.promotionPolicies[0]: a policy has either stage or "
                    + "stageSelector",
                "m.yaml:4:78: spec.promotionPolicies[2].stage: another policy is about the stage a",
            ]
        ),
        (
            configText(
                "{promotionPolicies: [{stageSelector: {name: 'globe:*'}}, {stage: 'regex:['}, "
                    + "{stageSelector: {matchExpressions: [1]}, "
                    + "autoRollback: {onPromotion: [Failed]}}]}"
            ),
            [
                "m.yaml:4:51: spec.promotionPolicies[0].stageSelector.name: \"globe:\" is none of "
                    + "glob:, regex: and regexp:; did you mean \"glob\"?",
                "m.yaml:4:72: spec.promotionPolicies[1].stage: the regular expression \"[\" is not "
                    + "valid at character 1: the bracket is not closed",
                "m.yaml:4:120: spec.promotionPolicies[2].stageSelector.matchExpressions[0]: a map "
                    + "is wanted here, not a number",
                "m.yaml:4:139: spec.promotionPolicies[2].autoRollback: this version does not roll "
                    + "back by itself",
            ]
        ),
        (
            configText(
                "{promotionPolicies: [{stageSelector: {matchExpressions: [{key: a, operator: "
                    + "Like}, {key: a, operator: In}, {key: a, operator: Exists, values: [b]}]}}]}"
            ),
            [
                "m.yaml:4:83: spec.promotionPolicies[0].stageSelector.matchExpressions[0]"
                    + ".operator: \"Like\" is none of In, NotIn, Exists, DoesNotExist",
                "m.yaml:4:90: spec.promotionPolicies[0].stageSelector.matchExpressions[1].values: "
                    + "at least one value is wanted to compare the label with",
                "m.yaml:4:149: spec.promotionPolicies[0].stageSelector.matchExpressions[2].values: "
                    + "there is nothing to compare: the operator asks for the label only",
            ]
        ),
        (
            configText("{promotionWindows: [{name: a}]}"),
            [
                "m.yaml:4:26: spec.promotionWindows: this version does not keep promotion windows"
            ]
        ),
    ]

    @Test(arguments: others)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problemsToldOf(text) == told, "\(text)")
    }
}
