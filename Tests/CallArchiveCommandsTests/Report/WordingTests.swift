import CallArchiveCommands
import Testing

struct WordingTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    ])
    func `numbers have commas`(number: Int, text: String) {
        #expect(Wording.count(number) == text)
    }

    @Test(arguments: [
        (0, "0 recordings"), (1, "1 recording"), (2, "2 recordings"), (1034, "1,034 recordings"),
    ])
    func `one is singular`(number: Int, text: String) {
        #expect(Wording.count(number, "recording") == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
            (1_048_524, "1023.9 KiB"), (1_048_575, "1.0 MiB"), (211_077_000, "201.3 MiB"),
            (1 << 30, "1.0 GiB"), (.max, "8,192.0 PiB"),
        ] as [(Int64, String)])
    func `bytes have units`(number: Int64, text: String) {
        #expect(Wording.bytes(number) == text.replacing("1023.9", with: "1,023.9"))
    }

    @Test(arguments: [
        (0, "0 s"), (400, "0.4 s"), (1000, "1 s"), (9940, "9.9 s"), (41_900, "41 s"),
        (60_000, "1 min"), (185_000, "3 min 5 s"), (7_800_000, "2 h 10 min"),
        (97_200_000, "1 d 3 h"), (86_400_000, "1 d"), (3_601_000, "1 h"),
    ])
    func `times have two units at most`(milliseconds: Int, text: String) {
        #expect(Wording.duration(.milliseconds(milliseconds)) == text)
    }

    @Test func `seconds for JSON end at the millisecond`() {
        #expect(Wording.seconds(.milliseconds(12_345)) == 12.345)
        #expect(Wording.seconds(.nanoseconds(1_234_567)) == 0.001)
    }

    @Test func `words in a row`() {
        #expect(Wording.list([]) == "" && Wording.list(["a"]) == "a")
        #expect(
            Wording.list(["a", "b"]) == "a and b" && Wording.list(["a", "b", "c"]) == "a, b and c")
    }
}
