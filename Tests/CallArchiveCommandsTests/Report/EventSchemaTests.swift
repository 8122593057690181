import CallArchive
import FoundationEssentials
import Testing

/// The schema can't be applied here, but it can be held to the events that the snapshot has.
@Suite struct EventSchemaTests {
    private func file(_ path: String) throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return [UInt8](try Data(contentsOf: URL(filePath: "/\(root)/\(path)")))
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
            try #require(try members(bytes).first { $0.name == name }?.value, "\(name)")
        }
    }

    private func strings(_ bytes: [UInt8]) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(bytes))
    }

    @Test func `the schema requires exactly the members that each event has`() throws {
        let schema = try file(
            "Sources/CallArchive/CallArchive.docc/Resources/event.schema.json")
        let events = try file("Tests/CallArchiveCommandsTests/Snapshots/events.ndjson")
            .split(separator: 0x0A).map(Array.init)
        let common = try strings(member("required", of: schema))
        var seen: Set<String> = []
        for event in events {
            let name = try JSONDecoder().decode(
                String.self, from: Data(member("event", of: event)))
            seen.insert(name)
            let written = try members(event).map(\.name)
            #expect(Array(written.prefix(3)) == common)
            let own = Set(written.dropFirst(3))
            let definition = try member("$defs", name, of: schema)
            #expect(try Set(strings(member("required", of: definition))) == own, "\(name)")
            let properties = try members(member("properties", of: definition)).map(\.name)
            #expect(Set(properties) == own, "\(name)")
        }
        let known = try strings(member("properties", "event", "enum", of: schema))
        #expect(Set(known) == seen, "the snapshot has each event that there is")
        // Each is applied where it belongs.
        let rules = String(decoding: try member("allOf", of: schema), as: UTF8.self)
        for name in known {
            #expect(
                rules.contains(
                    ##"{ "const": "\##(name)" } } }, "then": { "$ref": "#/$defs/\##(name)" }"##),
                "\(name)")
        }
    }
}
