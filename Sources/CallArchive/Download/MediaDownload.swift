import Platform
import Transfer

/// One recording's download over all its attempts: the sink of its transfers.
///
/// Used by one lane at a time; the queue hands it from one to the next under its lock.
final class MediaDownload: ResponseSink, @unchecked Sendable {
    // @unchecked: one lane at a time, as said above.

    /// An error body is read up to here, for its text.
    private static let errorBodyLimit = 64 << 10
    /// Parts of at least this size have their validators journalled at once, so that they can
    /// be resumed even after a kill.
    private static let journalledSize: Int64 = 128 << 10

    /// A part's hash so far is journalled at this distance: a killed run's part is believed up
    /// to there, and what lies behind it is asked for again.
    private static let checkpointDistance: Int64 = 4 << 20

    /// From here on a recording gets a lane of its own, and is written past the page cache.
    private static let largeSize: Int64 = 512 << 10
    /// From here on more of it is read at once.
    private static let veryLargeSize: Int64 = 8 << 20

    let claim: Claim
    /// It has, as far as is known, many bytes.
    let isLarge: Bool
    /// The lane that it was given to last.
    var lane = 0
    private(set) var rule: AttemptRule
    private(set) var partial: Partial?
    var finished: FinishedPart?
    var warnings: [String] = []
    /// The local error that ended an attempt; stops the run.
    var localError: SystemCallError?

    /// Time (ns) from the last request to its answer's head; nil when none came.
    private(set) var headWait: Int64?
    private var requestedAt: Int64 = 0
    /// The last attempt ended in a 503 or a timeout: there may be too many at once.
    var showsOverload = false

    /// A 401 or 403 ended it.
    var wasRefused = false

    let context: Context
    private let onEnd: @Sendable (MediaDownload, AttemptDecision) -> Void
    let partName: String
    var url: HTTPURL?
    var redirects = 0
    var part: PartFile?
    /// From when there is something to hash until this goes.
    private var takenDigester: Digester?
    /// How many of the part's bytes the digester has; nil when it must start anew.
    var hashedSize: Int64?
    /// How many of the part's first bytes came from the provider, or were compared with its own.
    private var trustedSize: Int64 = 0
    private var plan = ResumePlan.fresh
    var verdict: HeadVerdict?
    var head: ResponseHead?
    var errorBody: [UInt8] = []
    /// Where the next byte of the body belongs.
    var position: Int64 = 0
    private var ending: AttemptEnding?
    /// What is added to the part is written in pieces.
    private var isGathered = false

    init(
        claim: Claim, context: Context, retries: Int,
        onEnd: @escaping @Sendable (MediaDownload, AttemptDecision) -> Void
    ) {
        self.claim = claim
        isLarge = claim.expectedBytes ?? 0 >= Self.largeSize
        self.context = context
        self.onEnd = onEnd
        partial = claim.partial
        partName = ArchiveFolder.partName(for: claim.id)
        rule = AttemptRule(retries: retries)
    }

    deinit {
        if let takenDigester { context.digesters.giveBack(takenDigester) }
    }

    var digester: Digester {
        if let takenDigester { return takenDigester }
        let taken = context.digesters.take()
        takenDigester = taken
        return taken
    }

    /// The request of the next attempt; nil when it failed at once, which `onEnd` was told.
    func request() -> TransferRequest? {
        head = nil
        headWait = nil
        showsOverload = false
        verdict = nil
        ending = nil
        errorBody = []
        do throws(SystemCallError) {
            try preparePart()
        } catch {
            localError = error
            onEnd(self, .keepForNextRun)
            return nil
        }
        if context.isInterrupted() {
            onEnd(self, .keepForNextRun)
            return nil
        }
        do throws(InvalidURL) {
            let target: HTTPURL
            if let url {
                target = url
            } else {
                target = try context.base.resolve(claim.media)
            }
            let from = redirects > 0 ? self.url : nil
            let credentials: Credentials?
            switch context.access.admission(of: target, from: from) {
            case .withCredentials: credentials = context.credentials
            case .withoutCredentials: credentials = nil
            case .refused(let reason):
                finish(
                    .permanent(
                        code: "media-host",
                        message: "its media is not asked for: \(reason); "
                            + "name the host with --media-host if that is right"))
                return nil
            }
            url = target
            requestedAt = MonotonicClock.now()
            return TransferRequest(
                url: target, credentials: credentials, headers: plan.headers,
                isLarge: claim.expectedBytes ?? 0 >= Self.veryLargeSize)
        } catch {
            finish(
                .permanent(code: "media-url", message: "its media URL is unusable: \(error)"))
            return nil
        }
    }

    private func preparePart() throws(SystemCallError) {
        if part == nil, partial != nil {
            part = try context.archive.openPart(partName)
        }
        let trusted = try part.map { part throws(SystemCallError) in try vouch(for: part) }
        plan = ResumePlan(size: part?.size ?? 0, partial: partial, trusted: trusted)
        if case .range(let from, _) = plan { position = from }
    }

    /// How many of the part's bytes are known to be the provider's; the digester has them all.
    ///
    /// What another run left is believed only as far as its checkpoint's hash agrees.
    private func vouch(for part: PartFile) throws(SystemCallError) -> Int64 {
        if hashedSize == part.size { return trustedSize }
        digester.reset()
        hashedSize = nil
        trustedSize = 0
        guard let checkpoint = partial?.checkpoint, checkpoint.size <= part.size else { return 0 }
        let isCancelled = context.isInterrupted
        guard try part.hash(0..<checkpoint.size, into: digester, isCancelled: isCancelled),
            digester.snapshot() == checkpoint.sha256,
            try part.hash(
                checkpoint.size..<part.size, into: digester, isCancelled: isCancelled)
        else { return 0 }
        hashedSize = part.size
        trustedSize = checkpoint.size
        return trustedSize
    }

    // MARK: The sink

    func begin(_ head: ResponseHead) -> Bool {
        self.head = head
        headWait = MonotonicClock.now() - requestedAt
        let verdict = HeadVerdict(plan: plan, partial: partial, head: head)
        self.verdict = verdict
        switch verdict {
        case .whole(let total):
            chooseWriting(head, total)
            return local { () throws(SystemCallError) in try startFresh(head, total: total) }
        case .rest(let from, let total):
            position = from
            partial?.total = total
            chooseWriting(head, total)
            return true
        case .restart(let reason):
            ending = .restart(reason)
            return false
        case .unusable(let code, let message):
            ending = .badContent(code: code, message: message)
            return false
        case .other: return true
        }
    }

    private func startFresh(_ head: ResponseHead, total: Int64?) throws(SystemCallError) {
        let highWater = partial?.highWater ?? 0
        if let part {
            try part.truncate(to: 0)
        } else {
            part = try context.archive.createPart(partName)
        }
        digester.reset()
        hashedSize = 0
        trustedSize = 0
        position = 0
        partial = Partial(
            etag: head.first("etag"), lastModified: head.first("last-modified"), total: total,
            highWater: highWater)
        if total ?? .max >= Self.journalledSize, let partial {
            try context.journal.opened(partName, id: claim.id, partial)
        }
    }

    /// What is large is written in pieces, unless it will be read again at once.
    private func chooseWriting(_ head: ResponseHead, _ total: Int64?) {
        isGathered =
            total ?? claim.expectedBytes ?? 0 >= Self.largeSize && !DigestCheck.isStated(in: head)
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch verdict {
        case .whole, .rest: break
        default:
            let room = Self.errorBodyLimit - errorBody.count
            unsafe errorBody.append(contentsOf: bytes.prefix(room))
            return true
        }
        guard let part else { return false }
        if let total = partial?.total, position + Int64(bytes.count) > total {
            ending = .restart("more bytes came than the media has")
            return false
        }
        context.bytesDone.add(bytes.count)
        var rest = unsafe bytes
        if position < part.size {
            let count = Int(min(Int64(rest.count), part.size - position))
            let isSame = local { () throws(SystemCallError) in
                let kept = try part.read(at: position, count: count)
                let tail = unsafe UnsafeRawBufferPointer(rebasing: rest[..<count])
                if unsafe kept.count != count || !tail.elementsEqual(kept) {
                    ending = .restart("the bytes asked for again are not those of the part")
                }
            }
            guard isSame, ending == nil else { return false }
            position += Int64(count)
            trustedSize = max(trustedSize, position)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        if isGathered { part.gather() }
        return local { () throws(SystemCallError) in
            while unsafe !rest.isEmpty {
                // A checkpoint is of what the file has, so pieces are hashed as they are written.
                let count = min(rest.count, part.untilWritten ?? .max)
                try unsafe add(UnsafeRawBufferPointer(rebasing: rest[..<count]), to: part)
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    private func add(
        _ bytes: UnsafeRawBufferPointer, to part: PartFile
    ) throws(SystemCallError) {
        try unsafe part.append(bytes)
        unsafe digester.update(bytes)
        position += Int64(bytes.count)
        trustedSize = max(trustedSize, position)
        hashedSize = part.size
        guard part.isWritten,
            part.size - (partial?.checkpoint?.size ?? 0) >= Self.checkpointDistance
        else { return }
        noteCheckpoint(part)
        if let partial { try context.journal.opened(partName, id: claim.id, partial) }
    }

    private func noteCheckpoint(_ part: PartFile) {
        // Bytes that were only found here and not compared yet are vouched for by nobody.
        guard hashedSize == part.size, trustedSize >= part.size,
            let sha256 = digester.snapshot()
        else { return }
        partial?.checkpoint = Checkpoint(size: part.size, sha256: sha256)
    }

    /// Runs a local step; false, with the error kept, when it failed.
    private func local(_ body: () throws(SystemCallError) -> Void) -> Bool {
        do throws(SystemCallError) {
            try body()
            return true
        } catch {
            localError = error
            return false
        }
    }

    func end(_ error: TransferError?) {
        if let part, localError == nil {
            _ = local { () throws(SystemCallError) in try part.flush() }
        }
        if localError != nil {
            onEnd(self, .keepForNextRun)
            return
        }
        if let ending {
            finish(ending)
        } else if let error, verdict == nil || error.kind != .refusedBySink {
            finish(ending(of: error))
        } else {
            finish(endingByContent())
        }
    }

    private func finish(_ ending: AttemptEnding) {
        if let part, ending != .whole { noteCheckpoint(part) }
        let size = part?.size ?? 0
        let hasGrown = size > (partial?.highWater ?? 0)
        if hasGrown { partial?.highWater = size }
        let decision = rule.decide(ending, hasGrown: hasGrown, random: context.random())
        switch ending {
        case .restart, .badContent:
            // The high-water mark outlives the bytes: a free attempt needs real progress.
            dropBytes()
        case .redirected: break
        default:
            redirects = 0
            url = nil
        }
        // Closed while it waits: there may be more of them than descriptors.
        part = nil
        onEnd(self, decision)
    }

    private func dropBytes() {
        let highWater = partial?.highWater ?? 0
        if let part {
            _ = local { () throws(SystemCallError) in try part.truncate(to: 0) }
        }
        hashedSize = nil
        trustedSize = 0
        partial = partial.map { _ in
            Partial(etag: nil, lastModified: nil, total: nil, highWater: highWater)
        }
    }

    /// What of the part a later run can use; the part is removed when that is nothing.
    func partialToKeep() throws(SystemCallError) -> Partial? {
        part = nil
        let size = try context.archive.openPart(partName)?.size ?? 0
        if let partial, partial.checkpoint != nil,
            ResumePlan(size: size, partial: partial, trusted: partial.checkpoint?.size) != .fresh
        {
            return partial
        }
        try context.archive.removePart(partName)
        return nil
    }
}
