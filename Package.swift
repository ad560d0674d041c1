// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]
let cryptoCore = house + [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let configuration = Target.Dependency.product(
    name: "Configuration",
    package: "swift-configuration"
)
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let fuzzed: [Target.Dependency] = [
    "AgeFiles", "AgePlugins", "AgentProtocol", "Backups", "ChatProtocol", "CryptoCore",
    "DurableFiles", "EncryptedFiles", "Failures", "KeyFormats", "KeyOperations", "Keystore",
    "PluginHost", "PluginWire", "Registry", "SecretShares", "SecurechatCommands", "Signatures",
    "Stanzas", "Tokens", protobuf,
]

let package = Package(
    name: "keyctl-securechat",
    products: [
        .executable(name: "keyctl", targets: ["keyctl"]),
        .executable(name: "securechat", targets: ["securechat"]),
        .executable(name: "keyctl-plugin-pkcs11", targets: ["keyctl-plugin-pkcs11"]),
        .executable(name: "age-plugin-keyctl", targets: ["age-plugin-keyctl"]),
        // Each library with the targets whose types it shows: errors, secrets, keys, and where bytes
        // come from.
        .library(
            name: "AgeFiles",
            targets: [
                "AgeFiles", "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
            ]
        ),
        .library(
            name: "KeyFormats",
            targets: ["CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations"]
        ),
        .library(
            name: "Registry",
            targets: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations", "Registry",
            ]
        ),
        .library(
            name: "Signatures",
            targets: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
                "Signatures",
            ]
        ),
        // For plugins of keyctl that are written in Swift: docs/plugin-protocol.md.
        .library(
            name: "KeyctlPlugin",
            targets: ["CryptoCore", "Failures", "KeyOperations", "PluginWire", "Stanzas"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle",
            from: "2.13.0"
        ),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess",
            from: "1.0.0",
            traits: []
        ),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CArgon2",
            pkgConfig: "libargon2",
            providers: [.apt(["libargon2-dev"])]
        ),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(
            name: "CPKCS11",
            pkgConfig: "p11-kit-1",
            providers: [.apt(["libp11-kit-dev"])]
        ),
        .target(name: "Failures", swiftSettings: house),
        .target(
            name: "CryptoCore",
            dependencies: ["CArgon2", "COpenSSL", "Failures"],
            swiftSettings: cryptoCore
        ),
        .target(
            name: "KeyOperations",
            dependencies: ["CryptoCore", "Failures"],
            swiftSettings: house
        ),
        .target(
            name: "KeyFormats",
            dependencies: ["CryptoCore", "Failures", "KeyOperations"],
            swiftSettings: house
        ),
        .target(
            name: "DurableFiles",
            dependencies: ["CLinux", "CryptoCore", "Failures"],
            swiftSettings: house
        ),
        .target(
            name: "PluginProcess",
            dependencies: ["CLinux", "CryptoCore", "DurableFiles", "Failures", "KeyFormats"],
            swiftSettings: house
        ),
        // Apart from CryptoCore, so that only programs that use it carry swift-crypto's BoringSSL.
        .target(
            name: "PostQuantum",
            dependencies: ["CryptoCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house
        ),
        .target(name: "Stanzas", dependencies: ["CryptoCore", "Failures"], swiftSettings: house),
        .target(
            name: "PluginWire",
            dependencies: ["CryptoCore", "Failures", "KeyOperations", "Stanzas"],
            swiftSettings: house
        ),
        // The plugin pkcs11 is a program of its own, so that a module of a token's vendor is never
        // loaded into keyctl.
        .target(
            name: "PKCS11Tokens",
            dependencies: ["CPKCS11", "CryptoCore", "Failures", "KeyOperations"],
            swiftSettings: house
        ),
        .target(
            name: "PKCS11Plugin",
            dependencies: [
                "CryptoCore", "Failures", "KeyOperations", "PKCS11Tokens", "PluginWire", "Stanzas",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "keyctl-plugin-pkcs11",
            dependencies: ["PKCS11Plugin", "PluginWire"],
            swiftSettings: house
        ),
        .target(
            name: "AgeFiles",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
                "PostQuantum",
            ],
            swiftSettings: house
        ),
        .target(
            name: "AgePlugins",
            dependencies: [
                "AgeFiles", "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "PluginProcess",
                "Stanzas",
            ],
            swiftSettings: house
        ),
        .target(
            name: "Signatures",
            dependencies: ["CryptoCore", "Failures", "KeyFormats", "KeyOperations"],
            swiftSettings: house
        ),
        .target(
            name: "Tokens",
            dependencies: ["CryptoCore", "Failures", "KeyFormats", "KeyOperations"],
            swiftSettings: house
        ),
        .target(
            name: "SecretShares",
            dependencies: ["CryptoCore", "Failures", "KeyFormats"],
            swiftSettings: house
        ),
        .target(
            name: "Registry",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
            ],
            swiftSettings: house
        ),
        .target(
            name: "Keystore",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations", "Registry",
            ],
            swiftSettings: house
        ),
        // Messages of the agent, and its decisions: values without I/O or clock.
        .target(
            name: "AgentProtocol",
            dependencies: ["CryptoCore", "Failures", "KeyFormats", "KeyOperations"],
            swiftSettings: house
        ),
        .target(
            name: "AgentClient",
            dependencies: [
                "AgentProtocol", "CLinux", "CryptoCore", "Failures", "KeyFormats", "KeyOperations",
                "Keystore",
            ],
            swiftSettings: house
        ),
        .target(
            name: "Agent",
            dependencies: [
                "AgentClient", "AgentProtocol", "CLinux", "CryptoCore", "DurableFiles", "Failures",
                "KeyFormats",
            ],
            swiftSettings: house
        ),
        .target(
            name: "EncryptedFiles",
            dependencies: [
                "AgeFiles", "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
                "Keystore", "Registry",
            ],
            swiftSettings: house
        ),
        .target(
            name: "Backups",
            dependencies: [
                "AgeFiles", "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations",
                "Keystore", "Registry", "SecretShares",
            ],
            swiftSettings: house
        ),
        .target(
            name: "KeySync",
            dependencies: ["CryptoCore", "DurableFiles", "Failures", "KeyFormats", "Registry"],
            swiftSettings: house
        ),
        .target(
            name: "GitSigning",
            dependencies: ["Failures", "KeyFormats"],
            swiftSettings: house
        ),
        .target(
            name: "PluginHost",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations", "KeySync",
                "Keystore", "PluginProcess", "PluginWire", "Registry", "Signatures", "Stanzas",
            ],
            swiftSettings: house
        ),
        .target(
            name: "CommandSupport",
            dependencies: [
                "AgentClient", "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeySync",
                "Keystore", "PluginHost", "PluginProcess", "PluginWire", "Registry", argumentParser,
            ],
            swiftSettings: house
        ),
        .target(
            name: "KeyctlCommands",
            dependencies: [
                "AgeFiles", "AgePlugins", "Agent", "AgentClient", "AgentProtocol", "Backups",
                "CommandSupport", "CryptoCore", "DurableFiles", "EncryptedFiles", "Failures",
                "GitSigning", "KeyFormats", "KeyOperations", "KeySync", "Keystore", "PluginHost",
                "PluginProcess", "PluginWire", "Registry", "SecretShares", "Signatures", "Tokens",
                argumentParser,
            ],
            swiftSettings: house
        ),
        .target(
            name: "AgePluginKeyctl",
            dependencies: [
                "AgeFiles", "AgePlugins", "CommandSupport", "CryptoCore", "DurableFiles",
                "EncryptedFiles", "Failures", "KeyFormats", "Keystore", argumentParser,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "age-plugin-keyctl",
            dependencies: ["AgePluginKeyctl", "CommandSupport"],
            swiftSettings: house
        ),
        .executableTarget(
            name: "keyctl",
            dependencies: ["CommandSupport", "KeyctlCommands"],
            swiftSettings: house
        ),
        .target(
            name: "ChatProtocol",
            dependencies: [
                "CryptoCore", "Failures", "KeyFormats", "KeyOperations", "Registry", protobuf,
            ],
            swiftSettings: house
        ),
        .target(
            name: "ChatServer",
            dependencies: [
                "ChatProtocol", "CryptoCore", "DurableFiles", "Failures", "KeyFormats",
                "KeyOperations", "Keystore", "Registry",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"), lifecycle, logging,
                nioCore, nioPosix, nioSSL, nioTLS, protobuf,
            ],
            swiftSettings: house
        ),
        .target(
            name: "ChatClient",
            dependencies: [
                "ChatProtocol", "CryptoCore", "DurableFiles", "Failures", "KeyFormats",
                "KeyOperations", "Keystore", "Registry",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"), nioCore, nioPosix,
                nioSSL, nioTLS,
            ],
            swiftSettings: house
        ),
        .target(
            name: "SecurechatCommands",
            dependencies: [
                "ChatClient", "ChatProtocol", "ChatServer", "CommandSupport", "CryptoCore",
                "DurableFiles", "Failures", "KeyFormats", "Keystore", "Registry",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"), argumentParser,
                configuration, lifecycle, logging, nioPosix, systemPackage, unixSignals,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "securechat",
            dependencies: ["CommandSupport", "SecurechatCommands"],
            swiftSettings: house
        ),
        // Targets of this package, not packages of their own: those would build every dependency anew.
        .executableTarget(
            name: "OpenAgeFile",
            dependencies: ["AgeFiles", "CryptoCore", "DurableFiles", "Failures"],
            path: "Examples/OpenAgeFile",
            swiftSettings: house
        ),
        .executableTarget(
            name: "OpenRegistry",
            dependencies: ["CryptoCore", "DurableFiles", "Failures", "KeyFormats", "Registry"],
            path: "Examples/OpenRegistry",
            swiftSettings: house
        ),
        .executableTarget(
            name: "ShowKeys",
            dependencies: ["CryptoCore", "DurableFiles", "Failures", "KeyFormats"],
            path: "Examples/ShowKeys",
            swiftSettings: house
        ),
        .executableTarget(
            name: "VerifySignature",
            dependencies: ["CryptoCore", "DurableFiles", "Failures", "KeyFormats", "Signatures"],
            path: "Examples/VerifySignature",
            swiftSettings: house
        ),
        .executableTarget(
            name: "HelloPlugin",
            dependencies: ["CryptoCore", "PluginWire", "Stanzas"],
            path: "Examples/Plugins/swift",
            swiftSettings: house
        ),
        .executableTarget(
            name: "TokenPlugin",
            dependencies: [
                "CryptoCore", "DurableFiles", "KeyOperations", "PluginWire", "Stanzas",
            ],
            path: "Tests/TokenPlugin",
            swiftSettings: house
        ),
        .target(
            name: "TestSupport",
            dependencies: ["CryptoCore", "KeyOperations"],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .testTarget(
            name: "CryptoCoreTests",
            dependencies: ["CryptoCore", "Failures", "KeyOperations", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PostQuantumTests",
            dependencies: ["CryptoCore", "Failures", "PostQuantum"],
            swiftSettings: house
        ),
        .testTarget(
            name: "StanzasTests",
            dependencies: ["CryptoCore", "Stanzas"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PluginWireTests",
            dependencies: ["CryptoCore", "KeyOperations", "PluginWire", "Stanzas"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PKCS11TokensTests",
            dependencies: [
                "CryptoCore", "Failures", "KeyOperations", "PKCS11Tokens", "TestSupport",
            ],
            exclude: ["FakeModule"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PKCS11PluginTests",
            dependencies: [
                "CryptoCore", "KeyOperations", "PluginWire", "Stanzas", "TestSupport",
                "keyctl-plugin-pkcs11",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "PluginProcessTests",
            dependencies: ["CryptoCore", "Failures", "PluginProcess"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PluginHostTests",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations", "KeySync",
                "Keystore", "PluginHost", "PluginWire", "Registry", "Signatures", "Stanzas",
                "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "AgeFilesTests",
            dependencies: ["AgeFiles", "CryptoCore", "DurableFiles", "Failures", "KeyFormats"],
            swiftSettings: house
        ),
        .testTarget(
            name: "AgePluginsTests",
            dependencies: [
                "AgeFiles", "AgePlugins", "CryptoCore", "Failures", "PluginProcess",
                "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "KeyOperationsTests",
            dependencies: [
                "AgeFiles", "CryptoCore", "Failures", "KeyFormats", "KeyOperations", "Registry",
                "Signatures", "TestSupport", "Tokens",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "VectorTests",
            dependencies: [
                "AgeFiles", "ChatProtocol", "CryptoCore", "DurableFiles", "Failures", "KeyFormats",
                "KeyOperations", "Registry", "Signatures", "TestSupport", "Tokens",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "AgentProtocolTests",
            dependencies: [
                "AgentProtocol", "CryptoCore", "KeyFormats", "KeyOperations", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "KeyFormatsTests",
            dependencies: ["CryptoCore", "KeyFormats", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "SecretSharesTests",
            dependencies: ["CryptoCore", "Failures", "KeyFormats", "SecretShares", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "Registry", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "EncryptedFilesTests",
            dependencies: [
                "AgeFiles", "CryptoCore", "DurableFiles", "EncryptedFiles", "Failures",
                "KeyFormats", "Keystore", "Registry", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "BackupsTests",
            dependencies: [
                "AgeFiles", "Backups", "CryptoCore", "DurableFiles", "KeyFormats", "Keystore",
                "SecretShares", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "GitSigningTests",
            dependencies: ["GitSigning", "KeyFormats"],
            swiftSettings: house
        ),
        .testTarget(
            name: "KeySyncTests",
            dependencies: [
                "CryptoCore", "DurableFiles", "KeyFormats", "KeySync", "Registry", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "KeystoreTests",
            dependencies: [
                "CryptoCore", "DurableFiles", "Failures", "KeyFormats", "KeyOperations", "Keystore",
                "Registry", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ChatProtocolTests",
            dependencies: [
                "ChatClient", "ChatProtocol", "CryptoCore", "Failures", "KeyFormats", "Registry",
                "TestSupport", protobuf,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ChatServerTests",
            dependencies: [
                "ChatProtocol", "ChatServer", "CryptoCore", "Failures", "KeyFormats", "Keystore",
                "Registry", "TestSupport", logging, nioCore,
                .product(name: "GRDB", package: "GRDB.swift"), protobuf,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "SecurechatCommandsTests",
            dependencies: ["ChatClient", "ChatProtocol", "SecurechatCommands"],
            swiftSettings: house
        ),
        // The decoders that take bytes from elsewhere, for the fuzzer and for the replay of its corpus.
        .target(
            name: "FuzzTargets",
            dependencies: fuzzed,
            path: "Fuzz/FuzzTargets",
            swiftSettings: house
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzTargets"],
            swiftSettings: house
        ),
        // A lying server and a hostile member: what they can say, and what a process then costs.
        .target(
            name: "AttackSupport",
            dependencies: [
                "ChatProtocol", "CryptoCore", "KeyFormats", "KeyOperations", "Keystore", "Registry",
                "TestSupport", nioCore, nioPosix, nioSSL, nioTLS, protobuf,
            ],
            path: "Tests/AttackSupport",
            swiftSettings: house
        ),
        .testTarget(
            name: "AttackTests",
            dependencies: [
                "AttackSupport", "ChatProtocol", "CryptoCore", "KeyFormats", "Registry",
                "TestSupport", "keyctl", "securechat", protobuf,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "ChatProtocol", "CryptoCore", "Failures", "HelloPlugin", "KeyFormats",
                "KeyOperations", "Keystore", "OpenAgeFile", "OpenRegistry", "Registry", "ShowKeys",
                "TestSupport", "TokenPlugin", "VerifySignature", "age-plugin-keyctl", "keyctl",
                "keyctl-plugin-pkcs11", "securechat", nioCore, nioPosix, nioSSL, protobuf,
            ],
            exclude: ["Matrix", "Scripts"],
            swiftSettings: house
        ),
    ]
)

// The fuzzer itself links libFuzzer, so it is there on demand alone: scripts/fuzz.
if Context.environment["FUZZ"] != nil {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
        .executableTarget(
            name: "keyctl-fuzz",
            dependencies: ["CLibFuzzer", "FuzzTargets"],
            path: "Fuzz/KeyctlFuzz",
            swiftSettings: house
        ),
    ]
}
