import Platform
import Transfer

// What an attempt's end means: by the transfer's error, the status, the bytes.
extension MediaDownload {
    func ending(of error: TransferError) -> AttemptEnding {
        if error.kind == .interrupted { return .interrupted }
        showsOverload = error.kind == .stall || error.kind == .connectTimeout
        // A status that decides by itself needs no whole body.
        if let head, verdict == .other, StatusClass(head.status) != .transient {
            return endingByStatus(head)
        }
        return error.isTransient
            ? .transient(code: error.word, message: error.text, retryAfter: nil)
            : .permanent(code: error.word, message: error.text)
    }

    func endingByContent() -> AttemptEnding {
        guard let head else {
            return .transient(code: "cut", message: "no response came", retryAfter: nil)
        }
        switch verdict {
        case .whole, .rest: break
        default: return endingByStatus(head)
        }
        guard let part else { return .permanent(code: "cut", message: "no part") }
        if let total = partial?.total, part.size < total { return .more }
        // Not all of what was asked for again has been compared.
        if position < part.size { return .more }
        let inspection: AttemptEnding?
        do throws(SystemCallError) {
            inspection = try gate(part, head)
        } catch {
            localError = error
            return .interrupted
        }
        return inspection ?? .whole
    }

    private func endingByStatus(_ head: ResponseHead) -> AttemptEnding {
        let code = "http-\(head.status)"
        let words = context.errorText(errorBody)
        let message = "the provider answered \(head.status)" + (words.map { ": \($0)" } ?? "")
        switch StatusClass(head.status) {
        case .redirect: return redirect(head)
        case .rateLimited: return .rateLimited(pause: context.rateLimitPause(head))
        case .refused:
            wasRefused = true
            return .refused(code: code, message: message)
        case .gone: return .gone(code: code, message: message)
        case .transient:
            showsOverload = head.status == 503
            return .transient(
                code: code, message: message,
                retryAfter: head.retryAfter(now: Timestamp.now())?.nanoseconds)
        case .content, .rangeNotSatisfiable, .permanent:
            return .permanent(code: code, message: message)
        }
    }

    private func redirect(_ head: ResponseHead) -> AttemptEnding {
        guard let location = head.first("location"), let from = url else {
            return .permanent(
                code: "redirect", message: "the provider redirects (\(head.status)) nowhere")
        }
        redirects += 1
        guard redirects <= AccessPolicy.longestRedirectChain else {
            return .permanent(
                code: "redirect",
                message: "more than \(AccessPolicy.longestRedirectChain) redirects in a row")
        }
        do throws(InvalidURL) {
            let target = try from.resolve(location)
            if case .refused(let reason) = context.access.admission(of: target, from: from) {
                return .permanent(
                    code: "redirect", message: "its media redirects, and is not followed: \(reason)"
                )
            }
            url = target
            return .redirected
        } catch {
            return .permanent(
                code: "redirect", message: "its media redirects to an unusable URL: \(error)")
        }
    }

    /// The content gate: what the bytes are, before they may have a final name.
    private func gate(
        _ part: PartFile, _ head: ResponseHead
    ) throws(SystemCallError) -> AttemptEnding? {
        guard let sha256 = digester.finish() else {
            return .permanent(code: "hash", message: "OpenSSL could not hash the bytes")
        }
        hashedSize = nil
        let isCancelled = context.isInterrupted
        switch try DigestCheck.verdict(head, part, sha256: sha256, isCancelled: isCancelled) {
        case .agrees: break
        case .differs(let complaint):
            return .badContent(code: "digest-mismatch", message: complaint)
        case .interrupted: return .interrupted
        }
        switch try AudioInspector.inspect(PartBytes(part)) {
        case .rejected(let rejection, let message):
            return .badContent(code: rejection.rawValue, message: message)
        case .accepted(let audio, var notes):
            if let note = AudioInspector.durationWarning(
                audio, start: claim.start, end: claim.end)
            {
                notes.append(note)
            }
            warnings = notes
            let done = FinishedPart(
                row: claim.row, id: claim.id, start: claim.start, part: partName,
                bytes: part.size, sha256: sha256, contentType: head.first("content-type"),
                etag: partial?.etag, lastModified: partial?.lastModified, audio: audio,
                isNoted: claim.partial != nil)
            part.startWriteback()
            try context.journal.finished(done)
            finished = done
            return nil
        }
    }
}
