import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerServer
import Logging
import OpenID
import PromotionModel
import Requests
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API, and run the automation, in one process.",
        discussion: """
            It listens at --listen, for this machine only unless told otherwise, and prints a \
            link that signs a browser in once. Programs send the token in the file server.token \
            of the ledger's directory, which only its owner can read, as 'Authorization: Bearer \
            TOKEN'; with it, POST /v1/login-links makes another link. docs/API.md says what can \
            be asked.

            It listens at the Unix socket server.sock in the ledger's directory, too: while it \
            runs, the other commands read the ledger as ever, and send what they change there.

            Automation and promotions go on as with 'waybill run', unless --no-automation is \
            given. Asked to stop by SIGINT or SIGTERM it ends within a few seconds; promotions \
            that are performed then are taken over by the next start.

            Other people and programs get tokens of their own with 'waybill token create', and \
            roles with 'waybill role grant'; with --oidc-issuer the tokens of an identity \
            provider let them in, too. See docs/ACCESS.md.

            Under another name than that of the address, the server answers only if --host \
            says so. Each option can be a variable or stand in the file serve.yaml of the \
            ledger's directory instead; 'waybill config' shows what is in effect.

            For example: waybill serve --listen 127.0.0.1:8080
            """
    )

    @OptionGroup var options: LedgerOptions

    @OptionGroup var serve: ServeOptions

    func run() async throws {
        let isStructured = options.isStructured
        let path = try options.path
        let configuration = try ServeConfiguration(serve, besideLedgerAt: path)
        let provider = try configuration.identityProvider()
        let allowFileRepos = configuration["allowFileRepos"] == true
        var settings = ServerSettings()
        (settings.host, settings.port) = try ListenAddress.parse(
            configuration["listen"].stringValue ?? ""
        )
        settings.otherHosts = (configuration["host"].arrayValue ?? []).compactMap(\.stringValue)
        settings.logsRequests = configuration["requestLog"] == true
        settings.isConducting = configuration["automation"] == true
        let ledger = try Ledger.open(at: path, options: try options.logOptions())
        let lock = try ServerLock(of: ledger)
        defer { lock.end() }
        let outside = try Outside(ledger, allowFileRepositories: allowFileRepos)
        let lookup = VersionLookup(ledger: ledger, outside: outside)
        settings.lookUp = { try await lookup.resolving($0, in: $1) }
        let look = WarehouseLook(discovery: try outside.discovery())
        settings.look = { try await look.perform($0, $1, $2) }
        settings.warnings = { ManifestWarnings.lines(of: $0, besideLedgerAt: path) }
        let logger = Self.logger()
        let warn: @Sendable (String) -> Void = { logger.warning("\($0)") }
        let operatorToken = try OperatorToken.open(in: ledger.log.path)
        let access = Access(
            ledger,
            host: settings.host,
            otherHosts: settings.otherHosts,
            operatorToken: operatorToken,
            anonymous: try Self.anonymousReading(configuration["anonymousRead"]),
            verifier: provider.map { IdentityVerifier($0, warn: warn) },
            sessions: SessionFile(in: ledger.log.path, operatorToken: operatorToken, warn: warn)
        )
        let narration = Conductor.Settings(allowFileRepositories: allowFileRepos) { line in
            if !isStructured { Output.line(line) }
        }
        try await serve(ledger, settings, access, narration, logger)
        await ledger.log.close()
    }

    private static func logger() -> Logger {
        var logger = Logger(label: "waybill") { _ in ErrorStreamLog() }
        logger.logLevel = .notice
        return logger
    }

    private static func anonymousReading(_ value: Value) throws -> AnonymousReading {
        let anonymousRead = (value.arrayValue ?? []).compactMap(\.stringValue)
        if anonymousRead.isEmpty { return .nothing }
        if anonymousRead.contains("*") { return .everything }
        return .projects(
            Set(
                try anonymousRead.map { text in
                    guard let name = ProjectName(rawValue: text) else {
                        throw CommandFailure.usage(
                            "\(text.quotedForDisplay) cannot be the name of a project; see waybill "
                                + "get projects, or write --anonymous-read '*'"
                        )
                    }
                    return name
                }
            )
        )
    }

    private func serve(
        _ ledger: Ledger,
        _ settings: ServerSettings,
        _ access: Access,
        _ narration: Conductor.Settings,
        _ logger: Logger
    ) async throws {
        let isStructured = options.isStructured
        var settings = settings
        var conducting: [any Service] = []
        if settings.isConducting {
            let conductor = try Conductor(ledger, narration)
            conducting.append(ConductorService(conductor: conductor))
            settings.webhooks = Webhooks.settings(of: ledger, conductor)
        }
        let host = settings.host
        let server = LedgerService(ledger, settings, access, logger) { port, path in
            let name = host.contains(":") ? "[\(host)]" : host
            let address = "http://\(name):\(port)"
            if isStructured {
                Output.line(#"{"address":"\#(address)","login":"\#(address)\#(path)"}"#)
            } else {
                Output.line("Serving \(ledger.log.path) at \(address)")
                Output.line("Sign in once with \(address)\(path)")
            }
        }
        let services: [any Service] = [server] + conducting
        var configuration = ServiceGroupConfiguration(
            services: services.map { service in
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        // Who still sends or reads by then is cut off.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(10)
        try await ServiceGroup(configuration: configuration).run()
    }
}
