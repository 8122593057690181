import CallArchive
import Testing

@Suite struct ManifestReaderTests {
    private func entries(_ text: String) throws -> [ArchiveEntry] {
        var entries: [ArchiveEntry] = []
        _ = try ManifestReader(Array(text.utf8).span) { entries.append($0) }
        return entries
    }

    @Test func `members in any order and unknown ones are taken`() throws {
        let found = try entries(
            """
            {"new": [1, {"recordings": []}], "recordings": [
               {"future": {"id": "x"}, "status": "archived", "id": "a", "audio": {"new": 1},
                "error": {}, "listed": false, "bytes": 12},
               {"id": "b", "status": "melted", "bytes": "12", "audio": 7, "error": "no"}
             ], "schema": "callarchive.manifest/1"}
            """)
        #expect(found.map(\.id) == ["a", "b"])
        #expect(found.map(\.status) == [.archived, .pending])
        #expect(found.map(\.bytes) == [12, nil])
        #expect(found.map(\.listed) == [false, true])
        #expect(found.allSatisfy { $0.audio == nil && $0.error == nil })
    }

    @Test func `entries that name no recording are counted`() throws {
        let text = #"{"schema":"callarchive.manifest/1","recordings":[{},{"id":""},7,{"id":"a"}]}"#
        var ids: [String] = []
        let reader = try ManifestReader(Array(text.utf8).span) { ids.append($0.id) }
        #expect(ids == ["a"])
        #expect(reader.unreadable == 3)
    }

    @Test(
        arguments: [
            ("{}", .schema(nil)), ("{\"schema\":\"other/1\"}", .schema("other/1")),
            ("{\"schema\":1}", .schema(nil)), ("", .malformed(JSONError(.truncated, at: 0))),
            ("[]", .malformed(JSONError(.unexpectedCharacter, at: 0))),
            ("{\"recordings\":[{\"id\":\"a\"}", .malformed(JSONError(.truncated, at: 25))),
        ] as [(String, ManifestError)])
    func `what is no manifest is refused with its reason`(text: String, error: ManifestError) {
        #expect(throws: error) { try entries(text) }
    }
}
