import Manifests
import Testing

@Suite struct WarehouseProblems {
    static let warehouses: [(text: String, told: [String])] = [
        (
            warehouseText("{}"),
            ["m.yaml:4:7: spec.subscriptions: at least one subscription is wanted"]
        ),
        (
            warehouseText("{subscriptions: [{name: a}]}"),
            [
                "m.yaml:4:24: spec.subscriptions[0]: a subscription has exactly one of git, image "
                    + "and chart"
            ]
        ),
        (
            warehouseText(
                "{subscriptions: [{git: {repoURL: 'https://a/b'}, image: {repoURL: c}}]}"
            ),
            [
                "m.yaml:4:24: spec.subscriptions[0]: a subscription has exactly one of git, image "
                    + "and chart"
            ]
        ),
        (
            warehouseText("{subscriptions: [{gti: {}}]}"),
            [
                "m.yaml:4:30: spec.subscriptions[0].gti: this version does not discover \"gti\", "
                    + "only git repositories; did you mean \"git\"?"
            ]
        ),
        (
            warehouseText("{subscriptions: [{image: {repoURL: nginx, constraint: '>>1'}}]}"),
            [
                "m.yaml:4:32: spec.subscriptions[0].image: this version discovers git "
                    + "repositories only",
                "m.yaml:4:61: spec.subscriptions[0].image.constraint: \">>1\" is not a range "
                    + "of semantic versions: \">>\" is no comparison",
            ]
        ),
        (
            warehouseText("{subscriptions: [{chart: {repoURL: 'oci://a/b', name: c}}]}"),
            [
                "m.yaml:4:32: spec.subscriptions[0].chart: this version discovers git "
                    + "repositories only",
                "m.yaml:4:61: spec.subscriptions[0].chart.name: the chart's name is a part of an "
                    + "oci:// URL",
            ]
        ),
        (
            onGitText(
                "commitSelectionStrategy: SemVer, semverConstraint: ^1.2, strictSemvers: false, "
                    + "allowTagsRegexes: ['^v'], ignoreTagsRegexes: [rc], includePaths: [app, "
                    + "'glob:*.go', 'regexp:x$'], expressionFilter: tagger != '' and "
                    + "creatorDate.Year() > 2020, insecureSkipTLSVerify: true, blobless: true"
            ), []
        ),
        (
            onGitText("commitSelectionStrategy: Semver, expressionFilter: tag == 'v1'"),
            [
                "m.yaml:4:90: spec.subscriptions[0].git.commitSelectionStrategy: \"Semver\" is "
                    + "none of NewestFromBranch, SemVer, Lexical, NewestTag; did you mean "
                    + "\"SemVer\"?",
                "m.yaml:4:116: spec.subscriptions[0].git.expressionFilter: there is no variable "
                    + "tag here\n    tag == 'v1'\n    ^",
            ]
        ),
        (
            onGitText("commitSelectionStrategy: NewestTag, expressionFilter: 'commitDate > now()'"),
            [
                "m.yaml:4:119: spec.subscriptions[0].git.expressionFilter: there is no variable "
                    + "commitDate here\n    commitDate > now()\n    ^; did you mean "
                    + "\"committer\"?",
                "m.yaml:4:119: spec.subscriptions[0].git.expressionFilter: there is no function "
                    + "now() here\n    commitDate > now()\n                 ^",
            ]
        ),
        (
            onGitText("semverConstraint: '>>1', allowTagsRegexes: ['('], ignoreTagsRegexes: [x]"),
            [
                "m.yaml:4:83: spec.subscriptions[0].git.semverConstraint: \">>1\" is not a range "
                    + "of semantic versions: \">>\" is no comparison",
                "m.yaml:4:108: spec.subscriptions[0].git.allowTagsRegexes: the regular expression "
                    + "\"(\" is not valid at character 1: the parenthesis is not closed",
            ]
        ),
        (
            gitText("repoURL: 'https://token@example.com/r'"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: a URL in a manifest holds no user "
                    + "or password: the ledger keeps it for ever"
            ]
        ),
        (
            gitText("repoURL: 'ssh://git:secret@example.com/r'"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: a URL in a manifest holds no user "
                    + "or password: the ledger keeps it for ever"
            ]
        ),
        (
            gitText("repoURL: 'git:secret@example.com:r'"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: an https://, ssh:// or file:// "
                    + "URL, or user@host:path, is wanted here"
            ]
        ),
        (
            gitText("repoURL: 'https://me:secret@example.com/r'"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: a URL in a manifest holds no user "
                    + "or password: the ledger keeps it for ever"
            ]
        ),
        (
            gitText("repoURL: repo"),
            [
                "m.yaml:4:40: spec.subscriptions[0].git.repoURL: an https://, ssh:// or file:// "
                    + "URL, or user@host:path, is wanted here"
            ]
        ),
        (gitText("repoURL: 'ssh://git@example.com/r'"), []),
        (
            warehouseText(
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
            onGitText("branch: '-x', discoveryLimit: 200, since: yesterday, allowTags: x"),
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
            onGitText(
                "includePaths: ['glob:['], excludePaths: ['regex:(?=a)'], expressionFilter: a +"
            ),
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
            warehouseText(
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
        (
            warehouseText(
                "{freightCreationCriteria: {expression: artifactFrom('a') == 'b'}, "
                    + "subscriptions: [{git: {repoURL: 'https://e.com/r'}}]}"
            ),
            [
                "m.yaml:4:46: spec.freightCreationCriteria.expression: there is no function "
                    + "artifactFrom() here\n    artifactFrom('a') == 'b'\n    ^"
            ]
        ),
        (
            warehouseText(
                "{freightCreationCriteria: {expression: commitFrom('https://e.com/r').Tag != ''}, "
                    + "subscriptions: [{git: {repoURL: 'https://e.com/r'}}]}"
            ), []
        ),
    ]

    @Test(arguments: warehouses)
    func `each problem is told with its place, field and rule`(text: String, told: [String]) {
        #expect(problemsToldOf(text) == told, "\(text)")
    }

    @Test func `what a strategy does not look at is noticed, not refused`() {
        let reading = ManifestReader.read(
            onGitText("branch: main, since: '2026-01-31T12:00:00Z', semverConstraint: ^1, ")
                .replacing("git: {", with: "git: {commitSelectionStrategy: Lexical, "),
            file: "m.yaml"
        )
        #expect(reading.problems.isEmpty)
        #expect(
            reading.notices.map(\.description)
                == [
                    ("m.yaml:4:107", "branch"), ("m.yaml:4:120", "since"),
                    ("m.yaml:4:162", "semverConstraint"),
                ].map { place, field in
                    "\(place): spec.subscriptions[0].git.\(field): "
                        + "the commitSelectionStrategy does not look at this"
                }
        )
    }
}
