import Testing

@testable import CallArchive

struct CountedTests {
    @Test(arguments: [(0, "0 bytes"), (1, "1 byte"), (2, "2 bytes"), (1034, "1034 bytes")])
    func `one is one, all else is many`(number: Int, text: String) {
        #expect(counted(number, "byte") == text)
    }
}
