/// What a set of keys is for, which decides where it is kept and who may read it.
package enum KeyKind: String, Sendable, CaseIterable {
    /// What `secret()` and `sharedSecret()` give.
    case secret
    /// What `configMap()` and `sharedConfigMap()` give.
    case config
    /// How repositories are reached; expressions never see these.
    case credentials

    /// The folder beside the ledger's data.
    var folder: String {
        switch self {
        case .secret: "secrets"
        case .config: "config"
        case .credentials: "credentials"
        }
    }

    /// Whether a file of it that others than its owner may read is refused.
    var isPrivate: Bool { self != .config }

    /// What variables of the environment that hold such keys begin with.
    func prefix(isShared: Bool) -> String {
        "WAYBILL_" + (isShared ? "SHARED_" : "") + rawValue.uppercased() + "_"
    }
}
