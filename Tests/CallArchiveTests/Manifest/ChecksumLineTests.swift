import Platform
import Testing

@testable import CallArchive

@Suite struct ChecksumLineTests {
    private static let hash = String(repeating: "0123456789abcdef", count: 4)

    @Test func `a line is written as sha256sum reads it`() throws {
        let line = ChecksumLine(sha256: Self.hash, file: "recordings/undated/r-1.wav")
        let digest = try #require(Hex.bytes(line.sha256))
        let file = Array(line.file.utf8)
        var text = JSONText()
        ChecksumLine.append(sha256: digest.span, file: file.span, to: &text)
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == "\(Self.hash)  recordings/undated/r-1.wav\n")
        #expect(ChecksumLine(line: text.bytes.dropLast()) == line)
    }

    @Test func `a binary mark and upper-case digits are read too`() {
        let line = ChecksumLine(line: Array("\(Self.hash.uppercased()) *a b.wav".utf8)[...])
        #expect(line == ChecksumLine(sha256: Self.hash, file: "a b.wav"))
    }

    @Test(arguments: [
        "", "  file", hash, hash + "  ", hash + " file", "g" + hash.dropFirst() + "  f",
    ])
    func `what is no such line is none`(text: String) {
        #expect(ChecksumLine(line: Array(text.utf8)[...]) == nil)
    }
}
