import Platform
import Testing

@testable import CallArchive

struct RecordingNameDecodeTests {
    private let start = Timestamp(iso8601: "2013-02-08T13:15:47.587Z")

    @Test(arguments: [
        "r-1", "a_b", "-x", ".hidden", "a/b", "..", "é\u{0}\n", "%41", "a~b", "A.wav", "_",
    ])
    func `an id comes back from its name`(id: String) {
        for start in [start, nil] {
            let name = RecordingName(
                id: id, start: start, fileExtension: "wav", idHash: { "0123456789abcdef" })
            let decoded = RecordingName.decode(path: name.path)
            #expect(decoded?.id == id)
            #expect(decoded?.start?.seconds == start?.seconds)
        }
    }

    @Test(arguments: [
        // Cut, or made unique: the id is not whole.
        "recordings/2013/02/08/20130208T131547Z_r~0123456789abcdef.wav",
        "recordings/undated/r~0123456789abcdef.wav",
        // Not in the folder of its day.
        "recordings/2013/02/09/20130208T131547Z_r-1.wav",
        // Not as this program writes it.
        "recordings/2013/02/08/20130208T131547Z_%72.wav", "recordings/undated/a%2fb.wav",
        "recordings/undated/%.wav", "recordings/undated/%FF.wav", "recordings/undated/.wav",
        "recordings/undated/noending", "recordings/r-1.wav", "recordings/2013/02/08/r-1.wav",
        "recordings/2013/02/30/20130230T131547Z_r-1.wav", "", "/", "recordings/undated/../x.wav",
    ])
    func `what is no name of ours tells nothing`(path: String) {
        #expect(RecordingName.decode(path: path) == nil)
    }
}
