import Glibc

/// Measures, and the children that tests need as processes of their own.
///
/// `bench log [DIRECTORY [PART]]` measures the log in a new directory inside DIRECTORY, which
/// should be on a real disk. `bench ledger [DIRECTORY [COUNT…]]` makes ledgers of so many events
/// and asks them. `bench verify [DIRECTORY [COUNT…]]` makes plain logs and verifies them.
/// `bench movement [DIRECTORY [COUNT]]` exports, imports and backs up a ledger.
/// `bench model [DIRECTORY [PART]]` measures commands, replay and questions to a large ledger.
/// `bench proofs [DIRECTORY [COUNT…]]` proves events of large logs and writes tiles.
/// `bench histories DIRECTORY [MINUTES [SEED]]` runs random histories on a ledger and
/// on the reference model. `bench process WAYBILL LEDGER` runs a built `waybill` on a ledger,
/// `bench apply WAYBILL [DIRECTORY]` applies a large pipeline with it.
/// `bench discovery [DIRECTORY [PART]]` looks at git repositories. `bench steps` edits large
/// files, `bench expressions` evaluates templates. See README.md for results.
let arguments = CommandLine.arguments.dropFirst()

switch (arguments.first, arguments.dropFirst().first) {
case ("log", let directory):
    try await LogBenchmark.run(in: directory ?? ".", part: arguments.dropFirst(2).first)
case ("ledger", let directory):
    let counts = arguments.dropFirst(2).compactMap { Int($0) }
    try await LedgerBenchmark.run(
        in: directory ?? ".",
        eventCounts: counts.isEmpty ? [10_000, 1_000_000] : counts
    )
case ("verify", let directory):
    let counts = arguments.dropFirst(2).compactMap { Int($0) }
    try await VerifyBenchmark.run(
        in: directory ?? ".",
        eventCounts: counts.isEmpty ? [1_000_000, 10_000_000] : counts
    )
case ("model", let directory):
    try await ModelBenchmark.run(
        in: directory ?? ".",
        part: arguments.dropFirst(2).first,
        size: arguments.dropFirst(3).compactMap { Int($0) }
    )
case ("movement", let directory):
    try await MovementBenchmark.run(
        in: directory ?? ".",
        eventCount: arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
    )
case ("proofs", let directory):
    let counts = arguments.dropFirst(2).compactMap { Int($0) }
    try await ProofBenchmark.run(
        in: directory ?? ".",
        eventCounts: counts.isEmpty ? [1_000_000, 10_000_000] : counts
    )
case ("histories", let directory):
    let numbers = arguments.dropFirst(2).compactMap { UInt64($0) }
    try await HistoryBenchmark.run(
        in: directory ?? ".",
        minutes: numbers.first ?? 1,
        seed: numbers.dropFirst().first
    )
case ("discovery", let directory):
    try await DiscoveryBenchmark.run(in: directory ?? ".", part: arguments.dropFirst(2).first)
case ("steps", _):
    try StepsBenchmark.run()
case ("expressions", _):
    try StepsBenchmark.runExpressions()
case ("process", let waybill?):
    ProcessBenchmark.run(waybill, ledger: arguments.dropFirst(2).first ?? "ledger")
case ("apply", let waybill?):
    ApplyBenchmark.run(waybill, in: arguments.dropFirst(2).first ?? ".")
case ("crash-child", let directory?):
    try await CrashChild.run(directory)
case ("hold-child", let directory?):
    try await HoldChild.run(directory)
case ("open-child", let directory?):
    OpenChild.run(directory)
case ("backup-child", let directory?):
    try BackupChild.run(directory, Array(arguments.dropFirst(2)))
case ("fill-child", let directory?):
    try await FillChild.run(directory)
default:
    Output.error(
        "usage: bench log [DIRECTORY [raw|one|many|alone|crowd|scan]] | "
            + "verify [DIRECTORY [COUNT…]] | movement [DIRECTORY [COUNT]] | "
            + "ledger [DIRECTORY [COUNT…]] | model [DIRECTORY [PART]] | "
            + "proofs [DIRECTORY [COUNT…]] | "
            + "histories DIRECTORY [MINUTES [SEED]] | process WAYBILL LEDGER | "
            + "apply WAYBILL [DIRECTORY] | discovery [DIRECTORY [tags|round|history]] | steps | "
            + "expressions"
    )
    exit(2)
}
