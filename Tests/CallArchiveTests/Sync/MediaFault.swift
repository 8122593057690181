import CallArchive
import CatapultSimulator
import Testing

/// One way in which the media of `r-000002`, of three recordings, comes wrong, and what follows.
struct MediaFault: CustomTestStringConvertible, Sendable {
    /// Rules without `media:r-000002:`.
    var faults: [String]
    var size: Int64 = 48 << 10
    var change: @Sendable (inout Configuration) -> Void = { _ in }
    var label = ""

    var status = ArchiveStatus.archived
    var code: String?
    var requests: ClosedRange<Int>
    /// Bytes of body that the provider sends for it, by the media's size. What goes on when the
    /// download has turned an answer down at its head is a matter of the kernel's buffers.
    var served: ClosedRange<Double> = 1...1
    /// Pages of HTML, errors' bodies and the like on top of that.
    static let littleMore = 0.01
    var stallTimeout = 1
    var leavesPart = false

    /// The run's exit status.
    var exit: Int32 { status == .failed ? 3 : 0 }

    func serving(_ share: Double) -> MediaFault { serving(share...share) }

    func serving(_ shares: ClosedRange<Double>) -> MediaFault {
        var row = self
        row.served = shares
        return row
    }

    var testDescription: String { label + faults.joined(separator: " + ") }

    /// The fault passes: archived after so many requests.
    static func passes(_ faults: String..., after requests: Int) -> MediaFault {
        MediaFault(faults: faults, requests: requests...requests)
    }

    /// libcurl itself asks once more when a kept connection ends without an answer.
    static func passesUnanswered(_ fault: String) -> MediaFault {
        MediaFault(faults: [fault], requests: 1...3)
    }

    static func fails(
        _ fault: String, _ code: String, after requests: Int
    ) -> MediaFault {
        MediaFault(
            faults: [fault], status: .failed, code: code, requests: requests...requests,
            served: 0...0)
    }

    static func failsUnanswered(_ fault: String, _ code: String) -> MediaFault {
        MediaFault(faults: [fault], status: .failed, code: code, requests: 2...4, served: 0...0)
    }

    static func gone(_ fault: String, _ code: String) -> MediaFault {
        MediaFault(faults: [fault], status: .gone, code: code, requests: 1...1, served: 0...0)
    }

    /// Cut at 60 % of 160 KiB, so that the second request asks for a rest.
    static func resumed(
        _ label: String, _ second: String? = nil, after requests: Int,
        _ change: @escaping @Sendable (inout Configuration) -> Void = { _ in }
    ) -> MediaFault {
        MediaFault(
            faults: ["cut@0.6:first=1"] + (second.map { [$0] } ?? []), size: 160 << 10,
            change: change, label: label + ": ", requests: requests...requests)
    }
}

extension MediaFault {
    static let connection: [MediaFault] = [
        .passesUnanswered("close-before-headers:first=1"),
        .passesUnanswered("reset:first=1"),
        .passes("reset-in-headers:first=1", after: 2),
        .passes("reset-in-body@0.5:first=1", after: 2).serving(1...1.5),
        .passes("cut@0.6:first=1", after: 2),
        .passes("cut@0:first=1", after: 2),
        .passes("cut@30000", after: 2),
        .passes("cut-chunked@0.6:first=1", after: 2),
        .passes("cut-unframed@0.6:first=1", after: 2).serving(1.6),
        .passes("half-close@0.6:first=1", after: 2),
        .passes("stall-before-headers:first=1", after: 2),
        .passes("stall@0.5:first=1", after: 2).serving(0.5...1),
        .passes("stall@0:first=1", after: 2),
        .passes("longer", after: 1),
        .passes("slow@0.3", after: 1),
        // Three bytes are left, and come one a second.
        MediaFault(
            faults: ["cut@49149:first=1", "drip@1"], requests: 2...2, stallTimeout: 3),
        .passes("chunked", after: 1),
        .passes("unframed", after: 1),
        .passes("interim-1xx", after: 1),
        .passes("garbage-headers:first=1", after: 2).serving(1...2),
        .passes("oversized-headers:first=1", after: 2).serving(1...2),
        .failsUnanswered("close-before-headers", "cut"),
        .failsUnanswered("reset", "cut"),
        .fails("reset-in-headers", "cut", after: 2),
        .fails("cut@0", "cut", after: 2),
        .fails("cut-unframed@0.6", "truncated-audio", after: 2).serving(1.2),
        .fails("stall-before-headers", "stall", after: 2),
        .fails("stall@0", "stall", after: 2),
        .fails("garbage-headers", "cut", after: 2).serving(0...2),
        .fails("oversized-headers", "oversized-headers", after: 2).serving(0...2),
    ]

    static let statuses: [MediaFault] =
        [500, 502, 503, 504, 408].map { .passes("status@\($0):first=1", after: 2) }
        + [500, 502, 503, 504].map { .fails("status@\($0)", "http-\($0)", after: 2) }
        + [400, 401, 403, 416, 418].map { .fails("status@\($0)", "http-\($0)", after: 1) }
        + [
            .gone("status@404", "http-404"), .gone("status@410:body=html", "http-410"),
            .gone("status@404:body=empty", "http-404"),
            .passes("status@429:first=1", after: 2),
            .passes("status@429:first=2:body=empty", after: 3),
            .passes("status@503:first=1:retry-after=1", after: 2),
            .passes("status@503:first=1:retry-after=date", after: 2),
            .fails("status@500:body=plain", "http-500", after: 2),
        ]

    static let content: [MediaFault] = [
        .passes("html-200:first=1", after: 2), .fails("html-200", "html", after: 2),
        .passes("json-200:first=1", after: 2), .fails("json-200", "json", after: 2),
        .passes("empty-200:first=1", after: 2), .fails("empty-200", "empty", after: 2),
        .passes("other-container:first=1", after: 2).serving(1.08),
        .fails("other-container", "not-audio", after: 2).serving(0.16),
        .passes("short-riff@0.5:first=1", after: 2).serving(1.5),
        .fails("short-riff@0.5", "truncated-audio", after: 2).serving(1),
        .passes("gzip-unasked:first=1", after: 2).serving(1...2),
        .fails("gzip-unasked", "content-encoding", after: 2).serving(0...2),
        .passes("wrong-digest:first=1", after: 2).serving(2),
        .fails("wrong-digest", "digest-mismatch", after: 2).serving(2),
        MediaFault(
            faults: [], change: { $0.digests = Set(DigestHeader.allCases) },
            label: "right digests", requests: 1...1),
    ]

    static let redirects: [MediaFault] = [
        .passes("redirect-same", after: 2),
        .passes("redirect-same:code=307", after: 2),
        .passes("redirect-same:code=301", after: 2),
        .passes("redirect@{path}?redirected=1", after: 2),
        .fails("redirect-loop", "redirect", after: 6),
        .fails("redirect@http://127.0.0.1:1{path}", "redirect", after: 1),
        .fails("redirect@http://localhost{path}", "redirect", after: 1),
        .fails("redirect@file:///etc/passwd", "redirect", after: 1),
        .fails("redirect@ftp://127.0.0.1{path}", "redirect", after: 1),
        .fails("redirect@http://user@127.0.0.1:1/", "redirect", after: 1),
        .fails("status@302", "redirect", after: 1),
    ]

    static let ranges: [MediaFault] = [
        .resumed("resumed", after: 2),
        .resumed("range ignored", "range-ignored:nth=2", after: 2).serving(1.6),
        .resumed("wrong start", "wrong-content-range-start:nth=2", after: 3).serving(1.6...2),
        .resumed("wrong total", "wrong-content-range-total:nth=2", after: 3).serving(1.6...2),
        .resumed("no Content-Range", "content-range-missing:nth=2", after: 3).serving(1.6...2),
        .resumed("validators dropped", "no-validators:nth=2", after: 2).serving(1.6),
        .resumed("validators dropped, If-Range ignored", "no-validators:nth=2", after: 3) {
            $0.honourIfRange = false
        }.serving(1.6...2),
        .resumed("ETag weak now", "weak-etag:nth=2", after: 2).serving(1.6),
        .resumed("ETag weak now, If-Range ignored", "weak-etag:nth=2", after: 3) {
            $0.honourIfRange = false
        }.serving(1.6...2),
        .resumed("416", "status@416:nth=2", after: 3).serving(1.6),
        .resumed("media changes", "etag-changes:nth=2", after: 2).serving(1.6),
        .resumed("ETag changes", "etag-only-changes:nth=2", after: 2).serving(1.6),
        .resumed("media changes, If-Range ignored", "etag-changes:nth=2", after: 3) {
            $0.honourIfRange = false
        }.serving(1.6...2),
        .resumed("ETag changes, If-Range ignored", "etag-only-changes:nth=2", after: 3) {
            $0.honourIfRange = false
        }.serving(1.6...2),
        .resumed("weak ETag", after: 2) { $0.validators = .weak }.serving(1.4),
        .resumed("weak ETag, media changes", "etag-changes:nth=2", after: 3) {
            $0.validators = .weak
        }.serving(1.6...2.4),
        .resumed("date only", after: 2) { $0.validators = .lastmod }.serving(1.4),
        .resumed("date only, media changes", "etag-changes:nth=2", after: 2) {
            $0.validators = .lastmod
        }.serving(1.6),
        .resumed("date only, media changes, If-Range ignored", "etag-changes:nth=2", after: 3) {
            $0.validators = .lastmod
            $0.honourIfRange = false
        }.serving(1.6...2.4),
        .resumed("no validators", after: 2) { $0.validators = .none }.serving(1.4),
        .resumed("no validators, media changes", "etag-changes:nth=2", after: 3) {
            $0.validators = .none
        }.serving(1.6...2.4),
        .resumed("no ranges", after: 2) { $0.serveRanges = false }.serving(1.6),
        .resumed("then html", "html-200:nth=2", after: 3).serving(1.6),
        .resumed("then cut again", "cut@0.5:nth=2", after: 3),
        MediaFault(
            faults: ["cut-chunked@0.6:first=1"], size: 160 << 10,
            change: { $0.validators = .none }, label: "no length, no validators: ",
            requests: 2...2, served: 1.6...1.6),
        MediaFault(
            faults: ["cut@0.6:first=1", "status@400:from=2"], size: 160 << 10, status: .failed,
            code: "http-400", requests: 2...2, served: 0.6...0.6, leavesPart: true),
    ]

    static let all = connection + statuses + content + redirects + ranges
}
