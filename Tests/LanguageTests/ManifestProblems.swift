import Manifests
import PromotionModel
import Testing

/// The problems and notices of a text, as they are told.
private func problems(_ text: String) -> [String] {
    ManifestReader.read(text, file: "m.yaml").problems.map(\.description)
}

/// A stage's spec, from line 4, in a document that is right otherwise.
private func stage(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: Stage
    metadata: {name: uat, namespace: shop}
    spec: \(spec)
    """
}

private func warehouse(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: Warehouse
    metadata: {name: checkout, namespace: shop}
    spec: \(spec)
    """
}

private func junction(_ spec: String) -> String {
    """
    apiVersion: waybill.dev/v1alpha1
    kind: Junction
    metadata: {name: release, namespace: shop}
    spec: \(spec)
    """
}

private func config(_ spec: String) -> String {
    """
    apiVersion: kargo.akuity.io/v1alpha1
    kind: ProjectConfig
    metadata: {name: shop, namespace: shop}
    spec: \(spec)
    """
}

private let origin = "origin: {kind: Warehouse, name: w}"
private let direct = "requestedFreight: [{\(origin), sources: {direct: true}}]"

private func step(_ fields: String) -> String {
    stage("{\(direct), promotionTemplate: {spec: {steps: [{\(fields)}]}}}")
}

private func request(_ fields: String) -> String {
    stage("{requestedFreight: [{\(fields)}]}")
}

private func git(_ fields: String) -> String {
    warehouse("{subscriptions: [{git: {\(fields)}}]}")
}

private func onGit(_ fields: String) -> String {
    git("repoURL: 'https://example.com/r', \(fields)")
}

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
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: PromotionTask\n",
            ["m.yaml:2:7: kind: PromotionTask is not applied by this version"]
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
                + "spec: {\(direct)}",
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

    static let stages: [(text: String, told: [String])] = [
        (
            stage("{}"),
            [
                "m.yaml:4:7: spec.requestedFreight: the field is missing: at least one origin is "
                    + "wanted"
            ]
        ),
        (
            stage("{requestedFreight: []}"),
            ["m.yaml:4:26: spec.requestedFreight: at least one origin is wanted"]
        ),
        (
            request("\(origin), sources: {}"),
            [
                "m.yaml:4:73: spec.requestedFreight[0].sources: nothing can be available: say "
                    + "direct: true, or name stages"
            ]
        ),
        (
            request("origin: {kind: Wharehouse, name: w}, sources: {direct: true}"),
            [
                "m.yaml:4:43: spec.requestedFreight[0].origin.kind: \"Wharehouse\" is none of "
                    + "Warehouse, Junction; did you mean \"Warehouse\"?"
            ]
        ),
        (
            stage(
                "{requestedFreight: [{\(origin), sources: {direct: true}}, "
                    + "{\(origin), sources: {stages: [a, a]}}]}"
            ),
            [
                "m.yaml:4:99: spec.requestedFreight[1].origin: Warehouse/w is requested twice",
                "m.yaml:4:145: spec.requestedFreight[1].sources.stages: the stage a is there twice",
            ]
        ),
        (
            request("\(origin), sources: {direct: yes, stages: [A], requiredSoakTime: 1d}"),
            [
                "m.yaml:4:95: spec.requestedFreight[0].sources.stages: element 0: \"A\" is no "
                    + "name: lower-case letters, digits, - and ., at most 253 bytes, a letter or "
                    + "digit first and last",
                "m.yaml:4:118: spec.requestedFreight[0].sources.requiredSoakTime: a duration such "
                    + "as 1h30m is wanted here, not \"1d\"",
            ]
        ),
        (
            request(
                "\(origin), sources: {direct: true, autoPromotionOptions: "
                    + "{selectionPolicy: MatchUpstream}}"
            ),
            [
                "m.yaml:4:128: spec.requestedFreight[0].sources.autoPromotionOptions."
                    + "selectionPolicy: MatchUpstream cannot be used with direct: true"
            ]
        ),
        (
            request(
                "\(origin), sources: {stages: [a, b], availabilityStrategy: Most, "
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
            request("\(origin), sources: {direct: true}, optional: true"),
            ["m.yaml:4:89: spec.requestedFreight[0].optional: there is no such field"]
        ),
        (
            stage("{\(direct), verification: {analysisTemplates: [{name: a}]}}"),
            ["m.yaml:4:105: spec.verification: this version does not run verification"]
        ),
        (stage("{\(direct), verification: {}, shard: east}"), []),
        (
            stage("{\(direct), targets: {selectors: [1]}, promotionQueue: Latest}"),
            [
                "m.yaml:4:100: spec.targets: this version does not promote to targets",
                "m.yaml:4:134: spec.promotionQueue: this version does not replace waiting "
                    + "promotions",
            ]
        ),
        (
            stage("{\(direct), vars: [{name: 1a, value: x}, {value: 1}]}"),
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
            step("as: x"),
            ["m.yaml:4:126: spec.promotionTemplate.spec.steps[0].uses: the field is missing"]
        ),
        (
            step("task: {name: t}"),
            [
                "m.yaml:4:133: spec.promotionTemplate.spec.steps[0].task: this version does not "
                    + "run promotion tasks"
            ]
        ),
        (
            step("uses: a, as: step-1, continueOnError: 1, forEach: change"),
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
            step("uses: a, as: x}, {uses: b, as: x"),
            [
                "m.yaml:4:158: spec.promotionTemplate.spec.steps[1].as: another step has the name "
                    + "\"x\""
            ]
        ),
        (
            step("uses: a, retry: {timeout: 5, errorThreshold: -1, times: 3}"),
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
            step("uses: a, config: [1]"),
            [
                "m.yaml:4:144: spec.promotionTemplate.spec.steps[0].config: a map is wanted here, "
                    + "not a list"
            ]
        ),
        (
            step("uses: a, if: 'true'"),
            [
                "m.yaml:4:140: spec.promotionTemplate.spec.steps[0].if: a condition is an "
                    + "expression in ${{ }}, which text alone never is"
            ]
        ),
        (
            step("uses: a, config: {paths: [{to: 'x/${{ vars.a + }}'}]}"),
            [
                "m.yaml:4:158: spec.promotionTemplate.spec.steps[0].config.paths[0].to: the "
                    + "expression ends too early\n     vars.a + \n              ^"
            ]
        ),
        (
            step("uses: a, config: {x: '${{ vras.a }}', y: '${{ comitFrom(1) }}', z: '${{ 1'}"),
            [
                "m.yaml:4:148: spec.promotionTemplate.spec.steps[0].config.x: there is no variable "
                    + "vras here\n     vras.a \n     ^; did you mean \"vars\"?",
                "m.yaml:4:168: spec.promotionTemplate.spec.steps[0].config.y: there is no function "
                    + "comitFrom() here\n     comitFrom(1) \n     ^; did you mean \"commitFrom\"?",
                "m.yaml:4:194: spec.promotionTemplate.spec.steps[0].config.z: the end mark }} is "
                    + "missing\n    ${{ 1\n    ^",
            ]
        ),
        (step("uses: a, config: {x: '${{ let y = vars.a; map([1], # + y) }}'}"), []),
    ]

    static let warehouses: [(text: String, told: [String])] = [
        (warehouse("{}"), ["m.yaml:4:7: spec.subscriptions: at least one subscription is wanted"]),
        (
            warehouse("{subscriptions: [{name: a}]}"),
            [
                "m.yaml:4:24: spec.subscriptions[0]: a subscription has exactly one of git, image "
                    + "and chart"
            ]
        ),
        (
            warehouse("{subscriptions: [{git: {repoURL: 'https://a/b'}, image: {repoURL: c}}]}"),
            [
                "m.yaml:4:24: spec.subscriptions[0]: a subscription has exactly one of git, image "
                    + "and chart"
            ]
        ),
        (
            warehouse("{subscriptions: [{gti: {}}]}"),
            [
                "m.yaml:4:30: spec.subscriptions[0].gti: this version does not discover \"gti\", "
                    + "only git commits of a branch; did you mean \"git\"?"
            ]
        ),
        (
            warehouse("{subscriptions: [{image: {repoURL: nginx, constraint: '>>1'}}]}"),
            [
                "m.yaml:4:32: spec.subscriptions[0].image: this version discovers git commits of "
                    + "a branch only",
                "m.yaml:4:61: spec.subscriptions[0].image.constraint: \">>1\" is not a range of "
                    + "semantic versions: \">>\" is no comparison",
            ]
        ),
        (
            warehouse("{subscriptions: [{chart: {repoURL: 'oci://a/b', name: c}}]}"),
            [
                "m.yaml:4:32: spec.subscriptions[0].chart: this version discovers git commits of "
                    + "a branch only",
                "m.yaml:4:61: spec.subscriptions[0].chart.name: the chart's name is a part of an "
                    + "oci:// URL",
            ]
        ),
        (
            onGit("commitSelectionStrategy: SemVer"),
            [
                "m.yaml:4:90: spec.subscriptions[0].git.commitSelectionStrategy: this version "
                    + "discovers git commits of a branch only"
            ]
        ),
        (
            git("repoURL: 'https://me:secret@example.com/r'"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: a URL in a manifest holds no user "
                    + "or password: the ledger keeps it for ever"
            ]
        ),
        (
            git("repoURL: repo"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: an https://, ssh:// or file:// "
                    + "URL, or user@host:path, is wanted here"
            ]
        ),
        (git("repoURL: 'ssh://git@example.com/r'"), []),
        (
            warehouse(
                "{subscriptions: [{name: a, git: {repoURL: 'https://e.com/R.git'}}, "
                    + "{name: a, git: {repoURL: 'https://e.com/r/'}}]}"
            ),
            [
                "m.yaml:4:74: spec.subscriptions[1]: another subscription watches the same "
                    + "repository, https://e.com/r/",
                "m.yaml:4:81: spec.subscriptions[1].name: another subscription has the name a",
            ]
        ),
        (
            onGit("branch: '-x', discoveryLimit: 200, since: yesterday, allowTags: x"),
            [
                "m.yaml:4:73: spec.subscriptions[0].git.branch: this is no name of a branch",
                "m.yaml:4:95: spec.subscriptions[0].git.discoveryLimit: a whole number from 1 to "
                    + "100 is wanted here",
                "m.yaml:4:107: spec.subscriptions[0].git.since: a time such as "
                    + "2026-01-31T12:00:00Z is wanted here",
                "m.yaml:4:129: spec.subscriptions[0].git.allowTags: Kargo no longer reads this: "
                    + "write allowTagsRegexes",
            ]
        ),
        (
            onGit("includePaths: ['glob:['], excludePaths: ['regex:(?=a)'], expressionFilter: a +"),
            [
                "m.yaml:4:79: spec.subscriptions[0].git.includePaths: the glob \"[\" is not valid: "
                    + "a bracket is not closed",
                "m.yaml:4:105: spec.subscriptions[0].git.excludePaths: the regular expression "
                    + "\"(?=a)\" is not valid at character 1: RE2 has no lookahead: match what is "
                    + "wanted, or use an ignore list",
                "m.yaml:4:140: spec.subscriptions[0].git.expressionFilter: the expression ends too "
                    + "early\n    a +\n       ^",
            ]
        ),
        (
            warehouse(
                "{interval: 0s, freightCreationPolicy: Never, freightCreationCriteria: "
                    + "{expression: vars.x}, subscriptions: [{git: {repoURL: 'https://e.com/r'}}]}"
            ),
            [
                "m.yaml:4:18: spec.interval: an interval is longer than nothing",
                "m.yaml:4:45: spec.freightCreationPolicy: \"Never\" is none of Automatic, Manual",
                "m.yaml:4:90: spec.freightCreationCriteria.expression: there is no variable vars "
                    + "here\n    vars.x\n    ^",
            ]
        ),
    ]

    static let others: [(text: String, told: [String])] = [
        (
            junction(
                "{\(direct), collection: {policy: Sometimes, select: Newest}, repackaging: "
                    + "{debounce: 10m, criteria: {expression: 'true'}, "
                    + "requireVerifiedTogether: true}}"
            ),
            [
                "m.yaml:4:112: spec.collection.policy: \"Sometimes\" is none of Automatic, Manual",
                "m.yaml:4:131: spec.collection.select: \"Newest\" is none of NewestFreight, "
                    + "NewestVerified, MatchUpstream",
                "m.yaml:4:164: spec.repackaging.debounce: this version does not wait before "
                    + "repackaging",
                "m.yaml:4:179: spec.repackaging.criteria: this version does not repackage by an "
                    + "expression",
                "m.yaml:4:226: spec.repackaging.requireVerifiedTogether: this version does not ask "
                    + "whether a bundle was verified together",
            ]
        ),
        (
            junction("{\(direct), collection: {select: MatchUpstream}}"),
            [
                "m.yaml:4:112: spec.collection.select: MatchUpstream wants exactly one upstream "
                    + "stage for Warehouse/w and no direct: true"
            ]
        ),
        (
            junction("{\(direct), repackaging: {requireVerifiedTogether: false}}"), []
        ),
        (
            config("{promotionPolicies: [{autoPromotionEnabled: true}, {stage: a}, {stage: a}]}"),
            [
                "m.yaml:4:28: spec.promotionPolicies[0]: a policy has either stage or "
                    + "stageSelector",
                "m.yaml:4:78: spec.promotionPolicies[2].stage: another policy is about the stage a",
            ]
        ),
        (
            config(
                "{promotionPolicies: [{stageSelector: {name: 'globe:*'}}, {stage: 'regex:['}, "
                    + "{stageSelector: {matchExpressions: [1]}, autoRollback: {onPromotion: [Failed]}}]}"
            ),
            [
                "m.yaml:4:51: spec.promotionPolicies[0].stageSelector.name: \"globe:\" is none of "
                    + "glob:, regex: and regexp:; did you mean \"glob\"?",
                "m.yaml:4:72: spec.promotionPolicies[1].stage: the regular expression \"[\" is not "
                    + "valid at character 1: the bracket is not closed",
                "m.yaml:4:119: spec.promotionPolicies[2].stageSelector.matchExpressions: this "
                    + "version does not select stages by matchExpressions",
                "m.yaml:4:139: spec.promotionPolicies[2].autoRollback: this version does not roll "
                    + "back by itself",
            ]
        ),
        (
            config("{promotionWindows: [{name: a}]}"),
            [
                "m.yaml:4:26: spec.promotionWindows: this version does not keep promotion windows"
            ]
        ),
    ]

    @Test(arguments: documents + stages + steps + warehouses + others)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problems(text) == told, "\(text)")
    }

    @Test func `a document with a problem gives no resource and the others do`() {
        let right = stage("{\(direct)}")
        let reading = ManifestReader.read(
            "\(right)\n---\n\(stage("{}"))\n---\n# nothing\n---\n\(right)",
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
