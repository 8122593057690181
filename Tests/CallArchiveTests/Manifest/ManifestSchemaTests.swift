import CallArchive
import FoundationEssentials
import Testing

/// The schema can't be applied here, but it can be held to what the writer writes.
@Suite struct ManifestSchemaTests {
    private func schema() throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(root)/Sources/CallArchive/CallArchive.docc/Resources/manifest.schema.json"
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    /// The raw values of an object's members, in order.
    private func members(_ bytes: [UInt8]) throws -> [(name: String, value: [UInt8])] {
        var cursor = JSONCursor()
        var members: [(String, [UInt8])] = []
        guard try cursor.enterObject(bytes.span) else { return [] }
        repeat {
            let key = try cursor.key(bytes.span)
            let value = try cursor.value(bytes.span)
            members.append((key.string(in: bytes.span) ?? "", Array(bytes[value.range])))
        } while try cursor.hasNextMember(bytes.span)
        try cursor.expectEnd(bytes.span)
        return members
    }

    private func member(_ path: String..., of bytes: [UInt8]) throws -> [UInt8] {
        try path.reduce(bytes) { bytes, name in
            try #require(try members(bytes).first { $0.name == name }?.value)
        }
    }

    private func strings(_ bytes: [UInt8]) throws -> [String] {
        var cursor = JSONCursor()
        var strings: [String] = []
        guard try cursor.enterArray(bytes.span) else { return [] }
        repeat {
            strings.append(try cursor.value(bytes.span).string(in: bytes.span) ?? "")
        } while try cursor.hasNextElement(bytes.span)
        return strings
    }

    /// `optional` members come last.
    private func check(
        _ object: [UInt8], against schema: [UInt8], optional: [String] = []
    ) throws {
        let names = try members(object).map(\.name)
        #expect(try strings(member("required", of: schema)) + optional == names)
        #expect(try members(member("properties", of: schema)).map(\.name) == names)
        #expect(try member("additionalProperties", of: schema) == Array("false".utf8))
    }

    @Test func `the schema requires exactly the members that are written, in their order`() throws {
        let schema = try schema()
        let document = SampleEntries.document()
        try check(document, against: schema)
        for name in ["listing", "summary"] {
            try check(member(name, of: document), against: member("properties", name, of: schema))
        }
        let archived = ManifestEntryJSON.bytes(SampleEntries.detailed)
        try check(
            archived, against: member("$defs", "recording", of: schema),
            optional: ["callDetails", "transcription"])
        for name in ["callDetails", "transcription"] {
            try check(member(name, of: archived), against: member("$defs", name, of: schema))
        }
        try check(
            member("audio", of: archived), against: member("$defs", "audio", of: schema))
        let failed = ManifestEntryJSON.bytes(SampleEntries.failed)
        try check(member("error", of: failed), against: member("$defs", "error", of: schema))
    }

    @Test func `the schema knows every status`() throws {
        let statuses = try strings(
            member("$defs", "recording", "properties", "status", "enum", of: schema()))
        #expect(Set(statuses) == Set(ArchiveStatus.allCases.map(\.rawValue)))
    }
}
