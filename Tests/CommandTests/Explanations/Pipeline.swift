import Foundation

/// The demo's pipeline with two services, and with what else a manifest may say: dev and uat by
/// themselves, a junction of what uat verified, prod by hand.
struct Pipeline {
    var automatic = ["dev", "uat"]
    var services = ["checkout", "payments"]
    /// More lines of each warehouse's specification.
    var warehouse = ""
    /// More members of each git subscription.
    var subscription = "branch: main"
    /// What dev's `verification` is.
    var verification = "{}"
    /// More members of what uat takes from dev.
    var uatSources = ""
    /// More members of what the junction takes from uat.
    var junctionSources = ""
    var collection = "{policy: Automatic}"
    var repackaging = "{policy: Manual}"
    /// More lines of prod's specification.
    var prod = ""
    /// Whether uat has no steps.
    var uatIsControlFlow = false

    /// A shop with repositories, to whose ledger this was applied.
    func made() async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        try await apply(to: shop)
        return shop
    }

    /// Applies this to a shop.
    func apply(to shop: Shop) async throws {
        _ = try await shop.place.apply(text(in: "file://\(shop.path)/repos")).checked()
    }

    private func text(in repositories: String) -> String {
        let resources =
            [project] + services.map { warehouse($0, in: repositories) } + [
                stage("dev", requests("direct: true"), "  verification: \(verification)\n"),
                stage(
                    "uat",
                    requests("stages: [dev]\(uatSources)"),
                    "",
                    isControlFlow: uatIsControlFlow
                ),
                junction,
                stage(
                    "prod",
                    [request("Junction", "release", "direct: true")]
                        + [request("Warehouse", "payments", "stages: [uat]")],
                    prod
                ),
            ]
        return resources.joined(separator: "---\n")
            .replacingOccurrences(of: "REPOSITORIES", with: repositories)
    }

    private var project: String {
        let policies = automatic.map {
            "  - {stageSelector: {name: \($0)}, autoPromotionEnabled: true}\n"
        }
        return """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Project
            metadata: {name: shop}
            ---
            apiVersion: kargo.akuity.io/v1alpha1
            kind: ProjectConfig
            metadata: {name: shop, namespace: shop}
            spec:
              promotionPolicies:\(policies.isEmpty ? " []\n" : "\n" + policies.joined())
            """
    }

    private func warehouse(_ name: String, in repositories: String) -> String {
        """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Warehouse
        metadata: {name: \(name), namespace: shop}
        spec:
          subscriptions:
          - git: {repoURL: "REPOSITORIES/\(name).git", \(subscription)}
        \(warehouse)
        """
    }

    private func request(_ kind: String, _ name: String, _ sources: String) -> String {
        "  - {origin: {kind: \(kind), name: \(name)}, sources: {\(sources)}}\n"
    }

    private func requests(_ sources: String) -> [String] {
        services.map { request("Warehouse", $0, sources) }
    }

    private var junction: String {
        """
        apiVersion: waybill.dev/v1alpha1
        kind: Junction
        metadata: {name: release, namespace: shop}
        spec:
          requestedFreight:
        \(requests("stages: [uat]\(junctionSources)").joined())  collection: \(collection)
          repackaging: \(repackaging)

        """
    }

    private func stage(
        _ name: String,
        _ requests: [String],
        _ more: String,
        isControlFlow: Bool = false
    ) -> String {
        let head = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Stage
            metadata: {name: \(name), namespace: shop}
            spec:
              requestedFreight:
            \(requests.joined())
            """
        if isControlFlow { return head }
        let steps = #"""
              promotionTemplate:
                spec:
                  steps:
                  - uses: git-clone
                    config:
                      repoURL: REPOSITORIES/gitops.git
                      checkout: [{branch: main, path: gitops}]
                  - uses: yaml-update
                    forEach: changed
                    if: ${{ component.to != nil }}
                    config:
                      path: gitops/env/\#(name)/${{ component.name }}.yaml
                      updates:
                      - {key: image.tag, value: "${{ quote(component.to.commits[0].ID) }}"}
                  - uses: git-commit
                    config: {path: gitops, message: "\#(name): another version"}
                  - uses: git-push
                    config: {path: gitops, targetBranch: main}

            """#
        return head + more + steps
    }
}

extension Shop {
    /// Commits to a service, as somebody would push it.
    func commit(to service: String, _ message: String) async throws {
        let script = """
            . '\(Program.root)/fixtures/shop/commit'
            continue_from '\(path)/repos/\(service).git'
            change \(service) 2026-03-01T10:00:00Z '\(message)'
            git push --quiet origin main
            """
        _ = try await Program.run("bash", ["-ec", script], in: path).checked()
    }

    /// The alias of the newest freight of a warehouse.
    func newest(of warehouse: String) async throws -> String {
        try await json("get", "freight", "--origin", "Warehouse/\(warehouse)", "--limit", "1")[
            "items"
        ][0]["alias"].text
    }

    /// Has every push to the GitOps repository refused with a sentence, or none.
    func closeForPushes(saying sentence: String?) throws {
        let hook = gitops + "/hooks/pre-receive"
        try Files.makeDirectory(gitops + "/hooks")
        let refusal = sentence.map { "echo '\($0)' >&2\nexit 1\n" } ?? "exit 0\n"
        try Files.write("#!/bin/sh\n" + refusal, to: hook)
        try Files.setMode(0o755, of: hook)
    }
}
