import EventLog

extension Refusal {
    /// What stands in the way of tokens and roles.
    var accessText: String {
        switch self {
        case .tokenReserved(let token):
            "\(token) is the name of the server's own token; give yours another name, such as "
                + "waybill token create ci"
        case .tokenDigestMalformed(let token):
            "the digest of token \(token) is not the SHA-256 of a token of its own, in 64 "
                + "hexadecimal digits; leave it to waybill token create"
        case .tokenExpiresInPast(let token, let time):
            "token \(token) would end at \(time), which has passed; say a later time with "
                + "--expires, such as --expires 30d"
        case .tokenExists(let token):
            "there is a token \(token) that is still good; take it back first with waybill token "
                + "revoke \(token), or choose another name"
        case .unknownToken(let token):
            "there is no token \(token); see waybill token list"
        case .roleNotHeld(let principal, let role, let project):
            "\(principal.rawValue.quotedForDisplay) does not have the role \(role.name) "
                + (project == .cluster ? "in all projects" : "in project \(project)")
                + "; see waybill role list"
        case .roleTakesNoStages(let role):
            "the role \(role.name) is not for some stages only; leave --stage out, or grant "
                + "promoter"
        case .stagePatternMalformed(let pattern, let why):
            "\(pattern.quotedForDisplay) is no pattern of stages (\(why)); write one such as "
                + "--stage 'prod-*'"
        case .tooManyPatterns(let count):
            "\(count) patterns are more than the \(ModelLimits.stagePatternCountMax) that a role "
                + "keeps; write fewer with --stage"
        case .tooManyRoles(let principal):
            "\(principal.rawValue.quotedForDisplay) has \(ModelLimits.grantCountMax) roles, which "
                + "is all that are kept; grant one in all projects with --all-projects, or take "
                + "some back with waybill role revoke"
        default: preconditionFailure("not a refusal of something about access")
        }
    }
}
