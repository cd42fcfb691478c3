import ArgumentParser

/// A line of text for each change of a stage.
enum ChangeLineFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl
}
