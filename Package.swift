// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "callarchive",
    products: [
        .executable(name: "callarchive", targets: ["callarchive"]),
        .executable(name: "catapult-simulator", targets: ["catapult-simulator"]),
    ],
    targets: [
        // C: system libraries, found through pkg-config.
        .systemLibrary(
            name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CLibSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),

        // Declarations of the C library that need _GNU_SOURCE.
        .systemLibrary(name: "CLinux"),

        // The product, from the bottom up: imports point down, never up or sideways.
        .target(name: "Platform", dependencies: ["CLibCrypto", "CLinux"]),
        .target(name: "Transfer", dependencies: ["CLibCurl", "CLibSSL", "Platform"]),
        .target(
            name: "CallArchive", dependencies: ["CSQLite", "Platform", "Transfer"],
            exclude: ["CallArchive.docc"]),
        .target(
            name: "CallArchiveCommands", dependencies: ["CallArchive", "Platform", "Transfer"],
            // Compiled in, as bytes: the program stays one file.
            resources: ["page.html", "page.css"].map { .embedInCode("Report/Page/Web/\($0)") }
                + ["text", "data", "table", "plot", "player", "page"].map {
                    .embedInCode("Report/Page/Web/\($0).js")
                }),
        .executableTarget(name: "callarchive", dependencies: ["CallArchiveCommands"]),

        // The provider simulated on loopback; shares no code with the product.
        .target(name: "CatapultSimulator", dependencies: ["CLibSSL"]),
        .executableTarget(name: "catapult-simulator", dependencies: ["CatapultSimulator"]),

        .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
        .testTarget(name: "TransferTests", dependencies: ["Transfer", "CatapultSimulator"]),
        .testTarget(
            name: "CallArchiveTests",
            dependencies: ["CallArchive", "CallArchiveCommands", "CatapultSimulator"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CallArchiveCommandsTests",
            dependencies: ["CallArchiveCommands", "CatapultSimulator"],
            resources: [.copy("Snapshots")]),
        .testTarget(name: "CatapultSimulatorTests", dependencies: ["CatapultSimulator"]),
        .target(
            name: "FuzzTargets",
            dependencies: ["CallArchive", "CallArchiveCommands", "Platform", "Transfer"],
            path: "Tests/Fuzz/Targets"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"]),
    ]
)

// The fuzzing program needs libFuzzer, which a normal build does not link; see Scripts/fuzz.sh.
if Context.environment["CALLARCHIVE_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "callarchive-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Program"))
}

// Relative relocations in few words instead of 24 bytes each spare a mebibyte of the running program;
// of the toolchain's linkers lld can pack them.
for target in package.targets where target.name == "callarchive" {
    target.linkerSettings = [
        .unsafeFlags(
            ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
            .when(configuration: .release))
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    if target.type != .test && target.path?.hasPrefix("Tests/") != true {
        target.swiftSettings?.append(.strictMemorySafety())
    }
}
