import CallArchive
import Platform
import Transfer

private let now = Timestamp(milliseconds: 1_760_000_000_000)

/// Each line is a `Link` field of one answer.
func feedLink(_ bytes: [UInt8]) {
    guard let request = try? HTTPURL("https://api.example.org:8443/v1/users/u/recordings?page=3")
    else { return }
    let fields = lines(bytes)
    let found = WebLinks(fields: fields)
    expect(found.links.count <= bytes.count, "more links than bytes")
    switch NextPage(linkFields: fields, request: request, origin: request.origin) {
    case .url(let url):
        expect(url.origin == request.origin, "the credentials' origin was left")
        let again = try? HTTPURL(url.text)
        expect(again == url, "a URL that is another when it is read again")
    case .notSaid: expect(fields.isEmpty, "fields were there")
    case .last, .refused: break
    }
}

/// The first byte says which header the rest is.
func feedHeaders(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let texts = lines(Array(bytes.dropFirst()))
    switch kind % 6 {
    case 0: feedContentRange(text)
    case 1:
        let pause = RetryAfter.pause(
            texts[0], serverDate: texts.dropFirst().first.flatMap { HTTPDate.parse($0, now: now) },
            now: now)
        expect(pause.map { $0 >= .zero } ?? true, "a pause before now")
    case 2:
        if let date = HTTPDate.parse(text, now: now) {
            expect(Timestamp(iso8601: date.iso8601) == date, "a date that is no date")
        }
    case 3:
        for name in ["Content-MD5", "Digest", "Content-Digest", "Repr-Digest"] {
            for digest in DigestHeaders.digests(name: name, value: text) {
                expect(
                    digest.bytes.count == digest.algorithm.byteCount, "a digest of a wrong length")
            }
        }
    case 4:
        let pause = RateLimitReset.pause(
            reset: texts[0], date: texts.dropFirst().first, now: now)
        expect(
            pause.map { $0 >= .zero && $0 <= RateLimitReset.longest } ?? true, "a pause too long")
    default: feedHead(Array(bytes.dropFirst()))
    }
}

private func feedContentRange(_ text: String) {
    switch ContentRange(text) {
    case .bytes(let first, let last, let total):
        expect(first >= 0 && first <= last, "a range that ends before it begins")
        expect(total.map { last < $0 } ?? true, "a range beyond the whole")
    case .unsatisfied(let total): expect(total >= 0, "a negative total")
    case nil: break
    }
}

/// A response's head as curl hands it out, line by line.
private func feedHead(_ bytes: [UInt8]) {
    var head = ResponseHead(status: 206)
    for line in bytes.split(separator: 0x0A) {
        (line + [0x0D, 0x0A]).withUnsafeBytes { head.append($0) }
    }
    expect(head.contentLength.map { $0 >= 0 } ?? true, "a negative length")
    _ = head.retryAfter(now: now)
    _ = head.first("etag")
    expect(head.all("link").count <= bytes.count, "more fields than bytes")
}

/// ISO 8601, with and without its time.
func feedTime(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for time in [Timestamp(iso8601: text), Timestamp(dateOrISO8601: text)] {
        guard let time else { continue }
        let text = time.iso8601Milliseconds
        expect(Timestamp(iso8601: text) == time, "\(text) is read as another time")
        expect(!time.dayPath.contains(".."), "a folder's name that climbs")
        expect(
            time.compactUTC.utf8.allSatisfy { $0 != UInt8(ascii: "/") }, "a slash in a file's name")
    }
}
