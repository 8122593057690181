import CallArchive
import Platform
import Testing
import Transfer

struct ExaminationTests {
    private func moment(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds)
    }

    @Test func `a clock is wrong only where it can't be right`() {
        // The date 10 s stands for anything up to 11 s.
        for (began, ended, offset): (Int64, Int64, Int64) in [
            (10_000, 10_400, 0), (10_900, 11_500, 0), (9_000, 10_000, 0), (11_000, 12_000, 0),
            (12_000, 12_100, 1_000), (9_000, 9_500, -500), (70_000, 70_100, 59_000),
        ] {
            #expect(
                ProviderExamination.clockOffset(
                    date: moment(10_000), began: moment(began), ended: moment(ended)) == offset)
        }
    }

    @Test func `the end of a certificate is read in both forms`() {
        #expect(Probe.moment("Nov 24 00:46:24 2027 GMT")?.iso8601 == "2027-11-24T00:46:24Z")
        #expect(Probe.moment("Nov  4 00:46:24 2027 GMT")?.iso8601 == "2027-11-04T00:46:24Z")
        #expect(Probe.moment("2027-11-24 00:46:24 GMT")?.iso8601 == "2027-11-24T00:46:24Z")
        #expect(Probe.moment("soon") == nil && Probe.moment("") == nil)
    }

    @Test func `a lock is found among those the kernel lists, a waiter is none`() {
        let list = """
            1: FLOCK  ADVISORY  WRITE 4711 fe:01:131085 0 EOF
            1: -> FLOCK  ADVISORY  WRITE 4712 fe:01:131086 0 EOF
            2: POSIX  ADVISORY  WRITE 4713 fe:01:131087 0 EOF
            """
        #expect(HeldLocks.holds(inode: 131_085, in: list))
        #expect(!HeldLocks.holds(inode: 131_086, in: list))
        #expect(!HeldLocks.holds(inode: 131_087, in: list))
        #expect(!HeldLocks.holds(inode: 31_085, in: list))
        #expect(!HeldLocks.holds(inode: 1, in: ""))
    }
}
