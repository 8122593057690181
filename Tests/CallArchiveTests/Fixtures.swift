import FoundationEssentials

/// The files of `Fixtures`.
enum Fixtures {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/Fixtures/" + name
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
}
