import ArgumentParser
import Expressions

/// How a server is run, as far as options say.
struct ServeOptions: ParsableArguments {
    @Option(
        help: """
            The address and port to listen at; port 0 is any that is free \
            (WAYBILL_LISTEN; default 127.0.0.1:8080).
            """
    )
    var listen: String?

    @Option(
        help: """
            Another name of the server, with the port if not the usual; may be repeated \
            (WAYBILL_HOST, with commas).
            """
    )
    var host: [String] = []

    @Option(
        help: """
            A project that anybody may read without a token, or * for all; may be repeated \
            (WAYBILL_ANONYMOUS_READ, with commas).
            """
    )
    var anonymousRead: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Run the automation; without, another process may (WAYBILL_AUTOMATION; default on)."
    )
    var automation: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: "Allow repositories on this machine, file:// and paths (WAYBILL_ALLOW_FILE_REPOS)."
    )
    var allowFileRepos: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: "Log each request to standard error (WAYBILL_REQUEST_LOG)."
    )
    var requestLog: Bool?

    @Option(
        help: """
            The URL of an identity provider (OpenID Connect) whose tokens let people and programs \
            in (WAYBILL_OIDC_ISSUER).
            """
    )
    var oidcIssuer: String?

    @Option(
        help: """
            For whom its tokens must be made; may be repeated (WAYBILL_OIDC_AUDIENCE, with commas).
            """
    )
    var oidcAudience: [String] = []

    @Option(
        help: "Where its keys are, if it does not say so itself (WAYBILL_OIDC_KEYS_URL)."
    )
    var oidcKeysUrl: String?

    @Option(
        help: """
            The claim with the user's name (WAYBILL_OIDC_USER_CLAIM; default email if it is \
            verified, else sub).
            """
    )
    var oidcUserClaim: String?

    @Option(
        help: "The claim with the user's groups (WAYBILL_OIDC_GROUPS_CLAIM; default groups)."
    )
    var oidcGroupsClaim: String?

    @Option(
        help: """
            A file with the certificates (PEM) that it is trusted by, in the place of the \
            system's (WAYBILL_OIDC_CA_FILE).
            """,
        completion: .file()
    )
    var oidcCaFile: String?

    @Option(
        help: """
            A file with these settings (WAYBILL_CONFIG; default serve.yaml in the ledger's \
            directory, if it is there).
            """,
        completion: .file()
    )
    var config: String?

    /// All that can be set.
    static let settings: [Setting] = [
        Setting(name: "listen", kind: .text, standard: "127.0.0.1:8080"),
        Setting(name: "host", kind: .texts, standard: []),
        Setting(name: "anonymousRead", kind: .texts, standard: []),
        Setting(name: "automation", kind: .flag, standard: true),
        Setting(name: "allowFileRepos", kind: .flag, standard: false),
        Setting(name: "requestLog", kind: .flag, standard: false),
        Setting(name: "oidcIssuer", kind: .text, standard: .null),
        Setting(name: "oidcAudience", kind: .texts, standard: []),
        Setting(name: "oidcKeysUrl", kind: .text, standard: .null),
        Setting(name: "oidcUserClaim", kind: .text, standard: .null),
        Setting(name: "oidcGroupsClaim", kind: .text, standard: "groups"),
        Setting(name: "oidcCaFile", kind: .text, standard: .null),
    ]

    /// What was said by options, by the settings' names.
    var said: [String: Value] {
        var said: [String: Value] = [:]
        said["listen"] = listen.map { .string($0) }
        if !host.isEmpty { said["host"] = .array(host.map { .string($0) }) }
        if !anonymousRead.isEmpty {
            said["anonymousRead"] = .array(anonymousRead.map { .string($0) })
        }
        said["automation"] = automation.map { .bool($0) }
        said["allowFileRepos"] = allowFileRepos.map { .bool($0) }
        said["requestLog"] = requestLog.map { .bool($0) }
        said["oidcIssuer"] = oidcIssuer.map { .string($0) }
        if !oidcAudience.isEmpty {
            said["oidcAudience"] = .array(oidcAudience.map { .string($0) })
        }
        said["oidcKeysUrl"] = oidcKeysUrl.map { .string($0) }
        said["oidcUserClaim"] = oidcUserClaim.map { .string($0) }
        said["oidcGroupsClaim"] = oidcGroupsClaim.map { .string($0) }
        said["oidcCaFile"] = oidcCaFile.map { .string($0) }
        return said
    }
}
