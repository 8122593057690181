import CallArchive
import Platform
import Testing

struct TranscriptionRuleTests {
    private func one(_ state: String, _ time: String? = nil) -> ListedTranscription {
        ListedTranscription(state: .init(word: state), time: time, text: "\(state) \(time ?? "")")
    }

    @Test func `the newest completed one is taken`() {
        let old = one("completed", "2014-10-09T12:09:16Z")
        let new = one("completed", "2014-10-09T14:04:44Z")
        #expect(TranscriptionRule.choose([new, old, one("error"), one("transcribing")]) == new)
        #expect(TranscriptionRule.choose([old, one("completed")]) == old)
    }

    @Test func `what is in the making goes before what failed`() {
        let making = one("transcribing")
        #expect(TranscriptionRule.choose([one("error"), making]) == making)
        #expect(TranscriptionRule.choose([one("error")])?.state == .error)
        #expect(
            TranscriptionRule.choose([one("queued"), one("error")])?.state == .unknown("queued"))
        #expect(TranscriptionRule.choose([]) == nil)
    }

    @Test func `none is final only a day after the recording's end`() {
        let end = Timestamp(milliseconds: 1_700_000_000_000)
        func settled(_ chosen: ListedTranscription?, after hours: Int64) -> Bool {
            TranscriptionRule.isSettled(
                chosen, recordingEnd: end,
                now: Timestamp(milliseconds: end.milliseconds + hours * 3_600_000))
        }
        #expect(!settled(nil, after: 23))
        #expect(settled(nil, after: 24))
        #expect(!settled(one("transcribing"), after: 400))
        #expect(settled(one("error"), after: 1))
        #expect(TranscriptionRule.isSettled(nil, recordingEnd: nil, now: end))
    }

    @Test(
        arguments: [
            (Array("hello".utf8), "text/plain", 5, true),
            (Array("grüß".utf8), nil, nil, true),
            ([], "text/plain", 0, true),
            ([], "text/plain", 5, false),
            (Array("<html>".utf8), nil, 5, false),
            (Array(" \n<!DOCTYPE html>".utf8), nil, 5, false),
            (Array("hello".utf8), "text/html; charset=utf-8", 5, false),
            ([0x52, 0x49, 0x46, 0x46], "audio/wav", 4, false),
            ([0x68, 0xC3, 0x28], "text/plain", 3, false),
            ([0x68, 0], "text/plain", 2, false),
        ] as [([UInt8], String?, Int64?, Bool)])
    func `a text is UTF-8 and no page`(
        body: [UInt8], type: String?, size: Int64?, isText: Bool
    ) {
        let complaint = TranscriptionRule.complaint(body, contentType: type, size: size)
        #expect((complaint == nil) == isText, "\(complaint ?? "none")")
    }
}
