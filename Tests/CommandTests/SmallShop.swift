import Foundation

/// A shop with one stage, to which every commit of its services is promoted by itself.
enum SmallShop {
    static let run = ["run", "--until-idle", "--allow-file-repos"]

    /// Repositories, and a ledger to which the manifests were applied.
    static func made(services: [String] = ["checkout"]) async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        _ = try await shop.place.apply(manifests(services, in: shop)).checked()
        return shop
    }

    /// The manifests; `verification` is what the stage says of it, in braces.
    static func manifests(
        _ services: [String] = ["checkout"],
        in shop: Shop,
        verification: String = "{}"
    ) -> String {
        manifests(services, "file://\(shop.path)/repos")
            + "  verification: \(verification)\n"
    }

    private static let project = """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Project
        metadata: {name: shop}
        ---
        apiVersion: kargo.akuity.io/v1alpha1
        kind: ProjectConfig
        metadata: {name: shop, namespace: shop}
        spec:
          promotionPolicies:
          - stageSelector: {name: dev}
            autoPromotionEnabled: true

        """

    private static func manifests(_ services: [String], _ repositories: String) -> String {
        let warehouses = services.map { service in
            """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Warehouse
            metadata: {name: \(service), namespace: shop}
            spec:
              subscriptions:
              - git: {repoURL: "\(repositories)/\(service).git", branch: main}

            """
        }
        let requests = services.map { service in
            """
              - origin: {kind: Warehouse, name: \(service)}
                sources: {direct: true}

            """
        }
        let stage = #"""
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Stage
            metadata: {name: dev, namespace: shop}
            spec:
              vars:
              - {name: gitops, value: "\#(repositories)/gitops.git"}
              - name: changed
                value: '${{ join(map(filter(components, #.change != "unchanged"), #.name), ", ") }}'
              requestedFreight:
            \#(requests.joined())  promotionTemplate:
                spec:
                  steps:
                  - uses: git-clone
                    config:
                      repoURL: ${{ vars.gitops }}
                      checkout: [{branch: main, path: gitops}]
                  - uses: yaml-update
                    forEach: changed
                    config:
                      path: gitops/env/dev/${{ component.name }}.yaml
                      updates:
                      - {key: image.tag, value: "${{ quote(component.to.commits[0].ID) }}"}
                  - uses: git-commit
                    config: {path: gitops, message: "dev: ${{ vars.changed }}"}
                  - uses: git-push
                    config: {path: gitops, targetBranch: main}

            """#
        return ([project] + warehouses + [stage]).joined(separator: "---\n")
    }
}

extension Shop {
    /// The types of all events, newest first.
    func eventTypes() async throws -> [String] {
        try await json("get", "events", "--limit", "10000")["items"].items.map { $0["type"].text }
    }
}

/// A hook of the GitOps repository at which the first push waits until it is let through.
struct Gate: Sendable {
    private let path: String

    init(in shop: Shop, hook: String) async throws {
        path = shop.place.directory.sub("gate")
        try Files.makeDirectory(path)
        _ = try await Program.run("mkfifo", ["reached", "open"], in: path).checked()
        let script = """
            #!/bin/sh
            if mkdir '\(path)/first' 2>/dev/null; then
                echo reached >'\(path)/reached'
                read -r line <'\(path)/open'
            fi
            exit 0

            """
        let hooks = shop.gitops + "/hooks"
        try Files.makeDirectory(hooks)
        try Files.write(script, to: "\(hooks)/\(hook)")
        try Files.setMode(0o755, of: "\(hooks)/\(hook)")
    }

    /// Waits until a push waits.
    func reached() async throws {
        _ = try await Program.run("cat", ["reached"], in: path) { _ in }.checked()
    }

    /// Lets it through.
    func open() async throws {
        _ = try await Program.run("sh", ["-c", "echo go >open"], in: path) { _ in }.checked()
    }
}
