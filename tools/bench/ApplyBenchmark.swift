import Glibc

/// What applying a large pipeline costs a whole process: 100 warehouses and 600 stages.
enum ApplyBenchmark {
    private static let warehouseCount = 100
    private static let roundCount = 15

    /// Applies to new ledgers, then again what is applied already, and says both.
    static func run(_ waybill: String, in parent: String) {
        let directory = "\(parent)/apply-\(getpid())"
        guard unsafe mkdir(directory, 0o755) == 0 else {
            Output.error("\(directory) cannot be made")
            exit(1)
        }
        let manifests = directory + "/shop.yaml"
        let byteCount = write(text, to: manifests)
        var made: [Double] = []
        var unchanged: [Double] = []
        for round in 0..<roundCount {
            let ledger = "\(directory)/ledger-\(round)"
            _ = milliseconds([waybill, "init", "--ledger", ledger])
            made.append(milliseconds([waybill, "apply", "-f", manifests, "--ledger", ledger]))
        }
        for _ in 0..<roundCount {
            unchanged.append(
                milliseconds([
                    waybill, "apply", "-f", manifests, "--ledger", "\(directory)/ledger-0",
                ])
            )
        }
        Output.line("\(warehouseCount * 7 + 1) documents, \(byteCount) bytes")
        Output.line("| what | median ms | worst ms | wanted | |")
        Output.line("|---|---|---|---|---|")
        report("apply, new", made, wanted: 1_000)
        report("apply, unchanged", unchanged, wanted: 200)
        _ = ProcessBenchmark.peakResident(of: ["/bin/rm", "-rf", directory])
    }

    private static func report(_ what: String, _ times: [Double], wanted: Double) {
        let sorted = times.sorted()
        let median = sorted[sorted.count / 2]
        Output.line(
            "| \(what) | \(Int(median.rounded())) | \(Int((sorted.last ?? 0).rounded())) "
                + "| \(Int(wanted)) | \(median < wanted ? "reached" : "missed") |"
        )
    }

    /// How long a program runs; it must succeed.
    private static func milliseconds(_ words: [String]) -> Double {
        let began = ContinuousClock.now
        guard ProcessBenchmark.peakResident(of: words) != nil else {
            Output.error("\(words.joined(separator: " ")) did not succeed")
            exit(1)
        }
        return (ContinuousClock.now - began) / .milliseconds(1)
    }

    // MARK: - Manifests

    /// Each warehouse with six stages in a row: five steps, variables, a soak time.
    private static var text: String {
        var documents = [
            "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\nmetadata: {name: shop}\n"
        ]
        for number in 0..<warehouseCount {
            documents.append(warehouse("service-\(number)"))
            let names = (0..<6).map { "service-\(number)-\($0)" }
            for (index, name) in names.enumerated() {
                documents.append(
                    stage(
                        name,
                        of: "service-\(number)",
                        behind: index == 0 ? nil : names[index - 1]
                    )
                )
            }
        }
        return documents.joined(separator: "---\n")
    }

    private static func warehouse(_ name: String) -> String {
        """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Warehouse
        metadata:
          name: \(name)
          namespace: shop
        spec:
          interval: 2m
          subscriptions:
          - git:
              repoURL: https://git.example.com/shop/\(name).git
              branch: main
              includePaths: [src, 'glob:deploy/**']

        """
    }

    private static func stage(_ name: String, of warehouse: String, behind: String?) -> String {
        let commit = "commitFrom('https://git.example.com/shop/\(warehouse).git').ID"
        let sources = behind.map { "{stages: [\($0)], requiredSoakTime: 1h}" } ?? "{direct: true}"
        return """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Stage
            metadata:
              name: \(name)
              namespace: shop
              labels: {team: \(warehouse)}
            spec:
              vars:
              - name: gitops
                value: https://git.example.com/shop/gitops.git
              requestedFreight:
              - origin: {kind: Warehouse, name: \(warehouse)}
                sources: \(sources)
              promotionTemplate:
                spec:
                  steps:
                  - uses: git-clone
                    config:
                      repoURL: ${{ vars.gitops }}
                      checkout:
                      - branch: env/${{ ctx.stage }}
                        path: out
                  - uses: git-clear
                    config: {path: out}
                  - uses: yaml-update
                    as: update
                    config:
                      path: out/values.yaml
                      updates:
                      - key: image.tag
                        value: ${{ quote(\(commit)) }}
                  - uses: git-commit
                    as: commit
                    config:
                      path: out
                      message: Promote ${{ ctx.targetFreight.alias }} to ${{ ctx.stage }}
                  - uses: git-push
                    config:
                      path: out
                      targetBranch: env/${{ ctx.stage }}

            """
    }

    /// Writes a file; its size.
    private static func write(_ text: String, to path: String) -> Int {
        guard let file = unsafe fopen(path, "w") else {
            Output.error("\(path) cannot be written")
            exit(1)
        }
        let bytes = Array(text.utf8)
        let count = unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
        precondition(count == bytes.count)
        return count
    }
}
