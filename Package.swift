// swift-tools-version: 6.2
import PackageDescription

/// Settings that every target of ours shares. Warnings are errors here and only here: dependencies keep theirs.
let sharedSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The rooms of `Sources/`: a folder per layer, a target per room.
enum Layer: String {
    case kits = "Kits"
    case domain = "Domain"
    case execution = "Execution"
    case interfaces = "Interfaces"
}

func room(_ name: String, in layer: Layer, uses dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/\(layer.rawValue)/\(name)",
        resources: resources,
        swiftSettings: sharedSettings
    )
}

func tests(of name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        path: "Tests/\(name)Tests",
        swiftSettings: sharedSettings
    )
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let asyncAlgorithms: Target.Dependency = .product(name: "AsyncAlgorithms", package: "swift-async-algorithms")

let package = Package(
    name: "terrakube",
    products: [.executable(name: "terrakube", targets: ["terrakube"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibpq",
            path: "Sources/Kits/CLibpq",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        room("Database", in: .kits, uses: ["CLibpq", grdb, nioPosix, logging, crypto]),
        room("JSONAPI", in: .kits, uses: ["Database"]),
        room("Service", in: .kits, uses: ["JSONAPI", hummingbird, httpTypes, crypto, jwtKit, logging, metrics, nio]),
        room("BlobStore", in: .kits, uses: ["Service", nioPosix]),
        room("Tools", in: .kits, uses: [subprocess, system, httpClient, crypto, nio, logging]),
        room("Outgoing", in: .kits, uses: [httpClient, nio, nioPosix, nioHTTP1]),
        room("Wire", in: .kits, uses: [httpClient, nio]),
        room(
            "Identity",
            in: .domain,
            uses: ["Database", "JSONAPI", "Service", hummingbird, crypto, cryptoExtras, jwtKit, logging, nioPosix]
        ),
        room(
            "Workspaces",
            in: .domain,
            uses: ["Identity", "Outgoing", "BlobStore", "Database", "JSONAPI", "Service", hummingbird, httpTypes, crypto]
        ),
        room(
            "Runs",
            in: .domain,
            uses: [
                "Workspaces", "Identity", "BlobStore", "Database", "JSONAPI", "Service", "Wire", hummingbird, httpTypes, yams, lifecycle,
                asyncAlgorithms, logging, crypto,
            ]
        ),
        room("Executor", in: .execution, uses: ["Wire", "Tools", lifecycle, logging]),
        room(
            "WebUI",
            in: .interfaces,
            uses: [
                "Runs", "Workspaces", "Identity", "Service", "JSONAPI", hummingbird, httpTypes, mustache, asyncAlgorithms, lifecycle,
                logging,
            ],
            resources: [.embedInCode("Assets"), .embedInCode("Templates")]
        ),
        room(
            "CommandLineUI",
            in: .interfaces,
            uses: ["Tools", argumentParser, httpClient, nio, nioHTTP1, nioPosix, unixSignals]
        ),
        room(
            "Server",
            in: .interfaces,
            uses: [
                "WebUI", "Executor", "Runs", "Workspaces", "Identity", "Outgoing", "Tools", "Wire", "Service", "JSONAPI", "Database",
                "BlobStore",
                hummingbird, hummingbirdTLS, httpTypes, nio, nioSSL, httpClient, lifecycle, unixSignals, hummingbirdCore, logging,
            ]
        ),
        .executableTarget(
            name: "terrakube",
            dependencies: [
                "CommandLineUI", "Server", argumentParser, logging,
            ],
            path: "Sources/Interfaces/terrakube",
            swiftSettings: sharedSettings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Database", subprocess, system],
            path: "Tests/TestSupport",
            swiftSettings: sharedSettings
        ),
        tests(of: "Kits", uses: ["Database", "JSONAPI", "BlobStore", "Tools", "Service", "Wire", "Outgoing", "TestSupport"]),
        tests(of: "Executor", uses: ["Executor", "Wire", "Tools", "TestSupport", hummingbird]),
        tests(
            of: "Server",
            uses: [
                "Server", "WebUI", "Runs", "Workspaces", "Identity", "Wire", "Service", "Database", "JSONAPI", "BlobStore", "Tools",
                "TestSupport", hummingbird, hummingbirdTesting, httpTypes, crypto, logging,
            ]
        ),
        tests(of: "CommandLineUI", uses: ["CommandLineUI", "TestSupport", argumentParser]),
        tests(of: "EndToEnd", uses: ["TestSupport", "terrakube", httpClient, nio, nioHTTP1, nioSSL]),
    ]
)
