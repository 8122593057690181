import CallArchive
import Platform
import Testing

@Suite struct RecordingNameTests {
    private static let start = Timestamp(iso8601: "2013-02-08T13:15:47.587Z")
    private static let hash = "0123456789abcdef" + String(repeating: "f", count: 48)

    private func name(
        _ id: String, start: Timestamp? = Self.start, fileExtension: String = "wav",
        collided: Bool = false
    ) -> RecordingName {
        RecordingName(
            id: id, start: start, fileExtension: fileExtension, collided: collided,
            idHash: { Self.hash })
    }

    @Test func `a recording lies in its day's folder`() {
        #expect(name("r-1").path == "recordings/2013/02/08/20130208T131547Z_r-1.wav")
        #expect(
            name("r-1", fileExtension: "mp3").path
                == "recordings/2013/02/08/20130208T131547Z_r-1.mp3")
        #expect(name("r-1", start: nil).path == "recordings/undated/r-1.wav")
    }

    @Test(arguments: [
        ("{recordingId1}", "%7BrecordingId1%7D"), ("A.b_c-9", "A.b_c-9"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        (".", "%2E"), ("..", "%2E."), ("-rf", "%2Drf"), ("a-.b", "a-.b"), ("a/b\\c", "a%2Fb%5Cc"),
        ("~x", "%7Ex"), ("a%41", "a%2541"), ("é", "%C3%A9"), ("a b\n\0", "a%20b%0A%00"),
        ("a:b*c?\"<>|", "a%3Ab%2Ac%3F%22%3C%3E%7C"),
    ])
    func `an id keeps its harmless characters only`(id: String, part: String) {
        #expect(name(id).file == "20130208T131547Z_\(part).wav")
        #expect(name(id, start: nil).file == "\(part).wav")
    }

    @Test func `a name of 200 bytes is kept and a longer one is cut`() {
        // 17 of the stamp, 4 of the extension.
        let fitting = String(repeating: "x", count: 179)
        #expect(name(fitting).file == "20130208T131547Z_\(fitting).wav")
        #expect(name(fitting).file.utf8.count == 200)
        let cut = name(fitting + "y").file
        #expect(
            cut == "20130208T131547Z_\(String(repeating: "x", count: 162))~0123456789abcdef.wav")
        #expect(cut.utf8.count == 200)
    }

    @Test func `a name is never cut inside an encoded byte`() {
        for length in 0..<8 {
            let id = String(repeating: "x", count: length) + String(repeating: "/", count: 100)
            let file = name(id).file
            #expect(file.utf8.count <= 200 && file.utf8.count > 197)
            let part = file.dropFirst(17).prefix { $0 != "~" }
            #expect(part.drop { $0 == "x" }.utf8.count.isMultiple(of: 3), "\(file)")
            #expect(part.hasSuffix("%2F"), "\(file)")
        }
        let undated = name(String(repeating: "/", count: 100), start: nil).file
        #expect(undated == String(repeating: "%2F", count: 59) + "~0123456789abcdef.wav")
    }

    @Test func `a collided name ends in the id's hash`() {
        #expect(name("R-1", collided: true).file == "20130208T131547Z_R-1~0123456789abcdef.wav")
        #expect(name("", start: nil).file == "~0123456789abcdef.wav")
    }

    @Test func `the hash is asked for only when needed`() {
        var asked = 0
        _ = RecordingName(id: "r", start: nil, fileExtension: "wav") {
            asked += 1
            return Self.hash
        }
        #expect(asked == 0)
    }

    @Test func `names that differ in case only fold to one`() {
        let folded = { RecordingName.caseFolded(self.name($0).path) }
        #expect(folded("R-a") == folded("r-A"))
        #expect(folded("R-a") != folded("r-b"))
    }

    @Test func `no id escapes its folder or hides`() {
        for byte in UInt8.min...UInt8.max {
            let id = String(UnicodeScalar(byte))
            for text in [id, id + "x", "x" + id] {
                let file = name(text, start: nil).file
                #expect(!file.hasPrefix(".") && !file.hasPrefix("-") && !file.contains("/"))
                #expect(file.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            }
        }
    }
}
