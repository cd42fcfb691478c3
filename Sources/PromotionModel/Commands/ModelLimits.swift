/// Bounds on what commands may carry.
package enum ModelLimits {
    /// The encoded outputs of one step.
    package static let outputByteCountMax = 64 * 1024
    /// What a step waits for, message and address together.
    package static let awaitedByteCountMax = 4 * 1024
    /// What a waiting step is given, encoded.
    package static let inputByteCountMax = 64 * 1024
    /// The key of a note on freight.
    package static let metadataKeyByteCountMax = 253
    /// All notes on one piece of freight, encoded.
    package static let metadataByteCountMax = 64 * 1024
    /// The name of a bookmark.
    package static let bookmarkByteCountMax = 63
    /// Roles that one token, user or group has.
    package static let grantCountMax = 500
    /// Patterns of stages that one role has.
    package static let stagePatternCountMax = 50
    /// A note about a thing.
    package static let noteByteCountMax = 16 * 1024
    /// The address of the evidence for a verification's result.
    package static let evidenceByteCountMax = 2048
    /// How many combinations whose ids begin alike are told of.
    package static let collectionMatchCountMax = 100
    /// What was found, with a verification's result or with health.
    package static let findingByteCountMax = 4096
}
