import ArgumentParser
import EventLog
import Ledger
import LedgerServer
import Logging
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

            Automation and promotions go on as with 'waybill run', unless --no-automation is \
            given. Asked to stop by SIGINT or SIGTERM it ends within a few seconds; promotions \
            that are performed then are taken over by the next start.

            Other people and programs get tokens of their own with 'waybill token create', and \
            roles with 'waybill role grant', see docs/ACCESS.md.

            Under another name than that of the address, the server answers only if --host \
            says so.

            For example: waybill serve --listen 127.0.0.1:8080
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "The address and port to listen at; port 0 is any that is free.")
    var listen = "127.0.0.1:8080"

    @Option(help: "Another name of the server, with the port if not the usual; may be repeated.")
    var host: [String] = []

    @Option(help: "A project that anybody may read without a token, or * for all; may be repeated.")
    var anonymousRead: [String] = []

    @Flag(help: "Only serve; another process may run the automation.")
    var noAutomation = false

    @Flag(help: "Allow repositories on this machine (file:// and paths).")
    var allowFileRepos = false

    func run() async throws {
        var settings = ServerSettings()
        (settings.host, settings.port) = try ListenAddress.parse(listen)
        settings.otherHosts = host
        settings.isConducting = !noAutomation
        let ledger = try Ledger.open(at: options.path, options: try options.logOptions())
        let lookup = VersionLookup(
            ledger: ledger,
            outside: try Outside(ledger, allowFileRepositories: allowFileRepos)
        )
        settings.lookUp = { try await lookup.resolving($0, in: $1) }
        let path = ledger.log.path
        settings.warnings = { ManifestWarnings.lines(of: $0, besideLedgerAt: path) }
        let access = Access(
            ledger,
            host: settings.host,
            otherHosts: settings.otherHosts,
            operatorToken: try OperatorToken.open(in: ledger.log.path),
            anonymous: try anonymousReading()
        )
        try await serve(ledger, settings, access)
        await ledger.log.close()
    }

    private func anonymousReading() throws -> AnonymousReading {
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
        _ access: Access
    ) async throws {
        let isStructured = options.isStructured
        var logger = Logger(label: "waybill") { _ in ErrorStreamLog() }
        logger.logLevel = .notice
        var settings = settings
        var conducting: [any Service] = []
        if settings.isConducting {
            let narration = Conductor.Settings(allowFileRepositories: allowFileRepos) { line in
                if !isStructured { Output.line(line) }
            }
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
