package import Expressions

/// A step of a promotion, with its configuration read and ready to be performed.
///
/// Performing it twice must come to the same: after a crash it is performed again.
protocol Step: Sendable {
    /// Does it.
    func perform(in context: StepContext) async throws(StepError) -> StepResult

    /// Takes back what the step proposed outside while it waited, because its promotion is over;
    /// `why` says how, in words.
    ///
    /// A result where it took effect all the same, nil otherwise.
    func withdraw(because why: String, in context: StepContext) async -> StepResult?
}

extension Step {
    /// Most steps propose nothing that could be taken back.
    func withdraw(because why: String, in context: StepContext) async -> StepResult? { nil }
}

/// A step that manifests name: its stored properties are its configuration.
protocol ConfiguredStep: Step, Configuration {
    /// What it is for, what it gives, and an example.
    static var text: StepText { get }
}

extension ConfiguredStep {
    fileprivate static func description(named name: String) -> StepDescription {
        StepDescription(
            name: name,
            summary: text.summary,
            fields: ConfigurationDescriber.fields(of: Self.self),
            outputs: text.outputs,
            givesWhatItIsTold: text.givesWhatItIsTold,
            example: text.example
        )
    }
}

/// What is said about a step beside its fields.
struct StepText: Sendable {
    /// What the step does, as a sentence without a subject.
    let summary: String
    var outputs: [StepOutput] = []
    /// The outputs are named by the configuration.
    var givesWhatItIsTold = false
    /// The step in a manifest; a test reads and decodes it.
    let example: String
}

/// The steps there are, by what `uses` says.
enum StepKind: String, CaseIterable {
    case composeOutput = "compose-output"
    case copy
    case delete
    case fail
    case fileWrite = "file-write"
    case gitClear = "git-clear"
    case gitClone = "git-clone"
    case gitCommit = "git-commit"
    case gitPush = "git-push"
    case gitTag = "git-tag"
    case jsonParse = "json-parse"
    case jsonUpdate = "json-update"
    case kustomizeSetImage = "kustomize-set-image"
    case setFreightAlias = "set-freight-alias"
    case setMetadata = "set-metadata"
    case tomlParse = "toml-parse"
    case tomlUpdate = "toml-update"
    case yamlMerge = "yaml-merge"
    case yamlParse = "yaml-parse"
    case yamlUpdate = "yaml-update"

    private var type: any ConfiguredStep.Type {
        switch self {
        case .composeOutput: ComposeOutputStep.self
        case .copy: CopyStep.self
        case .delete: DeleteStep.self
        case .fail: FailStep.self
        case .fileWrite: FileWriteStep.self
        case .gitClear: GitClearStep.self
        case .gitClone: GitCloneStep.self
        case .gitCommit: GitCommitStep.self
        case .gitPush: GitPushStep.self
        case .gitTag: GitTagStep.self
        case .jsonParse: JSONParseStep.self
        case .jsonUpdate: JSONUpdateStep.self
        case .kustomizeSetImage: KustomizeSetImageStep.self
        case .setFreightAlias: SetFreightAliasStep.self
        case .setMetadata: SetMetadataStep.self
        case .tomlParse: TOMLParseStep.self
        case .tomlUpdate: TOMLUpdateStep.self
        case .yamlMerge: YAMLMergeStep.self
        case .yamlParse: YAMLParseStep.self
        case .yamlUpdate: YAMLUpdateStep.self
        }
    }

    /// The step that `uses` names, with its configuration.
    static func decode(
        _ uses: String,
        _ configuration: Value
    ) throws(StepError) -> any Step {
        guard let kind = StepKind(rawValue: uses) else {
            throw .wrong(problem(with: uses))
        }
        return try kind.read(kind.type, configuration)
    }

    private func read<Kind: ConfiguredStep>(
        _ type: Kind.Type,
        _ configuration: Value
    ) throws(StepError) -> any Step {
        try ConfigurationReader.read(type, configuration)
    }

    /// That there is no step `uses`, with the nearest one that there is.
    static func problem(with uses: String) -> String {
        "there is no step \(uses)\(NearestName.hint(uses, allCases.map(\.rawValue)))"
    }

    /// What people look up about it.
    var description: StepDescription { type.description(named: rawValue) }
}

/// The kinds of steps that this version performs.
package enum KnownSteps {
    /// What is wrong with `uses`, with the nearest known name; nil if there is such a step.
    package static func problem(with uses: String) -> String? {
        StepKind(rawValue: uses) == nil ? StepKind.problem(with: uses) : nil
    }

    /// All of them, by name.
    package static var all: [StepDescription] {
        StepKind.allCases.map(\.description).sorted { $0.name < $1.name }
    }

    /// The step of a name; nil if there is none.
    package static func named(_ name: String) -> StepDescription? {
        StepKind(rawValue: name)?.description
    }

    /// What is wrong with a configuration, every problem of it; nil if nothing is.
    package static func problem(with configuration: Value, of uses: String) -> String? {
        do throws(StepError) {
            _ = try StepKind.decode(uses, configuration)
            return nil
        } catch {
            return error.message
        }
    }
}
