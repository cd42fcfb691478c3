// swift-tools-version: 6.2
import PackageDescription

/// The same for every target: language mode 6, warnings are errors, unsafe code is marked.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let collections: Target.Dependency = .product(
    name: "DequeModule",
    package: "swift-collections"
)
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

let package = Package(
    name: "waybill",
    products: [.executable(name: "waybill", targets: ["waybill"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        // Without traits: neither Foundation's large half nor swift-configuration.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            exact: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // A target imports only targets of a smaller level; equals never import each other.

        // 0. The C libraries, as Swift sees them.
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CPCRE2",
            pkgConfig: "libpcre2-8",
            providers: [.apt(["libpcre2-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // 0. System calls for which the C library has no function.
        .systemLibrary(name: "CLinux"),
        // 0. Protobuf wire format over spans: reader, writer.
        .target(name: "Wire", swiftSettings: settings),

        // 1. Environment, transactions, tables, cursors; bytes in, bytes out.
        .target(
            name: "LMDB",
            dependencies: ["CLMDB"],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]
        ),
        // 1. Semantic versions and constraints, patterns, regular expressions, URL forms.
        .target(name: "Matching", dependencies: ["CPCRE2"], swiftSettings: settings),

        // 2. Append-only log: positions, command ids, Merkle tree, one writer; knows no domain.
        .target(
            name: "EventLog",
            dependencies: ["LMDB", "Wire", crypto, collections],
            swiftSettings: settings
        ),
        // 2. The ${{ }} language: parse, evaluate.
        .target(
            name: "Expressions",
            dependencies: ["Matching"],
            swiftSettings: settings
        ),

        // 3. What a promotion is: values, commands, events, decide, evolve, next steps; no I/O.
        .target(
            name: "PromotionModel",
            dependencies: ["EventLog", "Expressions", "Matching", "Wire", crypto],
            swiftSettings: settings
        ),
        // 3. What is kept beside the ledger and never in it: secrets, settings, credentials.
        .target(name: "Secrets", dependencies: ["Matching"], swiftSettings: settings),
        // 3. Proofs, checkpoints, signed notes, tiles.
        .target(
            name: "Transparency",
            dependencies: ["EventLog", "Wire", crypto],
            swiftSettings: settings
        ),

        // 4. A command in, a receipt or a refusal out; views at any moment; replay, queries.
        .target(
            name: "Ledger",
            dependencies: ["PromotionModel", "EventLog", "LMDB", "Wire"],
            swiftSettings: settings
        ),
        // 4. YAML to model: Kargo's kinds and ours.
        .target(
            name: "Manifests",
            dependencies: [
                "PromotionModel", "Expressions", "Matching", "EventLog",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),

        // 4. Runs the git program, shut off from the machine's configuration.
        .target(name: "Git", dependencies: ["Secrets", subprocess], swiftSettings: settings),

        // 5. The JSON that server and command line speak, and the mapping from views to it.
        .target(
            name: "LedgerAPI",
            dependencies: ["Ledger", "PromotionModel", "Expressions", "EventLog", "Wire"],
            swiftSettings: settings
        ),
        // 5. Finds artifacts in git; answers in commands.
        .target(
            name: "Discovery",
            dependencies: [
                "PromotionModel", "Expressions", "Matching", "EventLog", "Git", "LMDB", "Secrets",
                "Wire",
            ],
            swiftSettings: settings
        ),
        // 5. Performs a promotion step by step, and reports each outcome as a command.
        .target(
            name: "PromotionRunner",
            dependencies: [
                "PromotionModel", "Expressions", "Matching", "EventLog", "Git", "Secrets", "CLinux",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        // 5. Who somebody is, by the signed statement of an identity provider, and its keys.
        .target(
            name: "OpenID",
            dependencies: [
                "EventLog", "Expressions",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),

        // 6. What somebody asks in his own words: questions with their answers as values or
        // text, and changes as commands.
        .target(
            name: "Requests",
            dependencies: [
                "LedgerAPI", "Ledger", "Manifests", "Transparency", "PromotionModel",
                "Expressions", "EventLog", "LMDB",
            ],
            swiftSettings: settings
        ),
        // 6. The pages that people see in a browser: a view in, HTML out; knows no HTTP.
        .target(
            name: "LedgerPages",
            dependencies: [
                "Ledger", "LedgerAPI", "PromotionModel", "Expressions", "EventLog", "Transparency",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Templates"), .embedInCode("Assets")],
            swiftSettings: settings
        ),
        // 7. HTTP: the API, who may ask what, pages and their forms, live events, measurements.
        .target(
            name: "LedgerServer",
            dependencies: [
                "Requests", "LedgerPages", "CZlib", "LedgerAPI", "Ledger", "Manifests",
                "Transparency",
                "PromotionModel", "Expressions", "Matching", "EventLog", "LMDB", "OpenID", crypto,
                collections,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // 7. HTTP: asks a server what a desk is asked, and gives it commands.
        .target(
            name: "LedgerClient",
            dependencies: [
                "Requests", "LedgerAPI", "Expressions", "EventLog", "LMDB", "PromotionModel",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),

        // 8. The executable: command line; the composition root.
        .executableTarget(
            name: "waybill",
            dependencies: [
                "Discovery", "EventLog", "Expressions", "Git", "Ledger", "LedgerAPI", "LMDB",
                "LedgerClient", "LedgerServer", "Manifests", "Matching", "OpenID", "PromotionModel",
                "PromotionRunner", "Requests", "Secrets", "Transparency", arguments,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Random histories on a ledger and on the reference model, for ModelTests and bench.
        .target(
            name: "Histories",
            dependencies: [
                "PromotionModel", "Ledger", "EventLog", "Expressions", "Transparency", "Wire",
            ],
            path: "Tests/Histories",
            swiftSettings: settings
        ),
        // Measures against bare LMDB in the same run; see tools/bench/README.md.
        .executableTarget(
            name: "bench",
            dependencies: [
                "LMDB", "EventLog", "Ledger", "LedgerAPI", "PromotionModel", "PromotionRunner",
                "Expressions", "Wire", "Discovery", "Histories", "Transparency",
            ],
            path: "tools/bench",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        // Reads fixtures/conformance, and compares with what Kargo answers.
        .target(
            name: "ConformanceSupport",
            dependencies: ["Expressions"],
            path: "Tests/ConformanceSupport",
            swiftSettings: settings
        ),

        // Wire, LMDB, EventLog, Transparency.
        .testTarget(
            name: "StoreTests",
            dependencies: ["Wire", "LMDB", "EventLog", "Transparency"],
            swiftSettings: settings
        ),
        // Matching, Expressions, Manifests.
        .testTarget(
            name: "LanguageTests",
            dependencies: [
                "Matching", "Expressions", "Manifests", "PromotionModel", "EventLog",
                "ConformanceSupport",
            ],
            swiftSettings: settings
        ),
        // PromotionModel, Ledger, LedgerAPI.
        .testTarget(
            name: "ModelTests",
            dependencies: [
                "PromotionModel", "Ledger", "LedgerAPI", "EventLog", "Expressions", "Matching",
                "Wire", "LMDB", "ConformanceSupport", "Histories",
            ],
            swiftSettings: settings
        ),
        // Git, Discovery and PromotionRunner, on real git repositories.
        .testTarget(
            name: "DeliveryTests",
            dependencies: [
                "Git", "Discovery", "PromotionRunner", "PromotionModel", "Expressions", "EventLog",
                "Matching", "Wire", "Secrets", "ConformanceSupport", subprocess,
            ],
            swiftSettings: settings
        ),
        // The built command, run as a user runs it: the main job, bad input, crashes.
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "waybill", "EventLog", "Expressions", "Ledger", "LedgerServer", "LMDB", "Manifests",
                "OpenID", "PromotionModel", "Requests", "Transparency", crypto, subprocess,
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        // LedgerPages: every page of a ledger with a story, as markup and as a browser sees it.
        .testTarget(
            name: "PageTests",
            dependencies: [
                "LedgerPages", "LedgerAPI", "Ledger", "PromotionModel", "EventLog", "Expressions",
                "Transparency",
            ],
            swiftSettings: settings
        ),
        // The source tree itself.
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ]
)
