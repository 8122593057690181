import CLibCurl
package import Platform

/// A single request on the calling thread, with what is to be known of the connection.
package struct Probe: Sendable {
    package var answer: Result<Response, TransferError>
    /// When the server's certificate expires; nil without TLS, or when libcurl doesn't tell.
    package var certificateExpiry: Timestamp?
    /// As `93.184.216.34`; empty when there was no connection.
    package var address = ""

    /// Makes the request; blocks for at most the connect and the stall timeout together.
    package static func perform(
        _ request: TransferRequest, options: TransferOptions, limit: Int
    ) -> Probe {
        if let failure = CurlLibrary.failure { return Probe(answer: .failure(failure)) }
        guard let handle = EasyHandle(options) else {
            return Probe(
                answer: .failure(TransferError(.library, text: "libcurl gave no handle")))
        }
        let sink = MemorySink(limit: limit)
        do throws(TransferError) {
            try handle.prepare(request)
        } catch {
            return Probe(answer: .failure(error))
        }
        handle.exchange.begin(sink, now: MonotonicClock.now(), limit: nil)
        handle.examineConnection(
            within: options.connectTimeout.nanoseconds + options.stallTimeout.nanoseconds)
        let code = unsafe curl_easy_perform(handle.easy.pointer)
        sink.end(handle.exchange.verdict ?? handle.error(for: code))
        var probe = Probe(answer: .failure(TransferError(.library, text: "no outcome")))
        do throws(TransferError) {
            probe.answer = .success(try sink.wait())
        } catch {
            probe.answer = .failure(error)
        }
        probe.certificateExpiry = handle.certificateExpiry.flatMap(moment)
        probe.address = handle.address
        handle.exchange.end()
        return probe
    }

    /// Reads `Nov 24 00:46:24 2027 GMT`, or the ISO form of some TLS libraries.
    package static func moment(_ text: String) -> Timestamp? {
        // An HTTP date of the oldest form, but for the day of the week.
        let words = text.split(separator: " ")
        if words.count == 5 {
            return HTTPDate.parse(
                "Day \(words.prefix(4).joined(separator: " "))", now: Timestamp.now())
        }
        guard words.count == 3 else { return nil }
        return Timestamp(iso8601: "\(words[0])T\(words[1])Z")
    }
}
