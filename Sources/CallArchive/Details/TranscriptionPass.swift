import Platform
import Transfer

/// Asks for the transcriptions of archived recordings and keeps their texts beside the audio.
///
/// Whatever goes wrong is one warning. Runs on the calling thread, which it blocks.
final class TranscriptionPass {
    /// A list's body may be this large, and a text: a day of speech is about 1 MiB.
    private static let limit = 16 << 20
    private static let slice = 256
    /// A text that can't be used is asked for twice.
    private static let readings = 2
    /// Failures in a row that mean that it is not about single recordings: an answer that is no
    /// text counts one, none at all four, a refusal (401, 403) seven.
    private static let mostDistrust = 20

    private let provider: any TranscriptionProvider
    /// For the lists, and for the texts, which lie among the media.
    private let lists: DocumentFetcher
    private let texts: DocumentFetcher
    private let base: HTTPURL
    private let archive: ArchiveFolder
    private let catalog: Catalog
    private let window: StartWindow
    private let minFree: Int64
    private let observer: any SyncObserver
    private let store: TextStore

    private var waiting: [TextStore.Text] = []
    /// When the pass began; later than all that was asked for before, whatever the clock said.
    private var began = Timestamp(milliseconds: 0)
    private var findings: [TranscriptionFinding] = []
    private var stored = 0
    private var failures = 0
    private var distrust = 0
    private var firstReason: String?
    private var isStopped = false

    init(
        provider: any TranscriptionProvider, lists: DocumentFetcher, texts: DocumentFetcher,
        base: HTTPURL, archive: ArchiveFolder, catalog: Catalog, window: StartWindow,
        minFree: Int64, observer: any SyncObserver
    ) {
        self.provider = provider
        self.lists = lists
        self.texts = texts
        self.base = base
        self.archive = archive
        self.catalog = catalog
        self.window = window
        self.minFree = minFree
        self.observer = observer
        store = TextStore(archive, catalog)
    }

    /// `note` hears how far it came.
    func run(note: (_ done: Int) -> Void) {
        do throws(ArchiveError) {
            do throws(CatalogError) {
                try askAll(note)
            } catch {
                throw error.stopping(archive: archive.path)
            }
            try flush()
        } catch {
            failures += 1
            firstReason = firstReason ?? "\(error.what): \(error.why)"
        }
        observer.observe(
            .notice(.debug, "transcriptions: \(stored) stored, \(failures) could not be fetched"))
        guard let firstReason else { return }
        observer.observe(
            .notice(
                .warning,
                "\(counted(failures, "transcription")) could not be fetched: "
                    + "\(firstReason); the next run asks again"))
    }

    private func askAll(_ note: (Int) -> Void) throws(CatalogError) {
        began = max(Timestamp.now(), try catalog.afterLastTranscription())
        var cursor = TranscriptionCursor(start: began)
        var done = 0
        while !isStopped {
            let claims = try catalog.transcriptionClaims(
                &cursor, limit: Self.slice, in: window)
            if claims.isEmpty { return }
            for claim in claims where !isStopped {
                note(done)
                ask(claim)
                done += 1
                guard waiting.count + findings.count >= TextStore.largestGroup else { continue }
                do throws(ArchiveError) {
                    try flush()
                } catch {
                    fail("\(error.what): \(error.why)", isLast: true)
                }
            }
        }
    }

    private func ask(_ claim: TranscriptionClaim) {
        guard let url = provider.list(of: claim.id) else {
            findings.append(TranscriptionFinding(row: claim.row, isSettled: true))
            return
        }
        let listed: [ListedTranscription]
        do throws(FetchFailure) {
            listed = try lists.fetch(
                url, "the transcriptions of '\(claim.id)'", limit: Self.limit,
                accept: "application/json"
            ) { (response: Response) throws(UnusableAnswer) in try provider.read(response) }
        } catch {
            switch error.kind {
            case .interrupted, .overdue: isStopped = true
            case .gone:
                // The provider no longer has the recording, or never had such a list.
                findings.append(TranscriptionFinding(row: claim.row, isSettled: true))
            case .unreachable, .forbidden: fail(error.reason, isLast: true)
            case .refused, .failed, .unusable:
                // Its turn is over: the next run asks for others before it.
                findings.append(
                    TranscriptionFinding(row: claim.row, state: claim.state, isSettled: false))
                fail("of '\(claim.id)': \(error.reason)", distrust: Self.distrust(error.kind))
            }
            return
        }
        let chosen = TranscriptionRule.choose(listed)
        guard let chosen, chosen.state == .completed else {
            distrust = 0
            findings.append(
                TranscriptionFinding(
                    row: claim.row, state: chosen?.state.word,
                    isSettled: TranscriptionRule.isSettled(
                        chosen, recordingEnd: claim.endTime.flatMap(Timestamp.init(iso8601:)),
                        now: Timestamp.now())))
            return
        }
        getText(of: chosen, claim)
    }

    private func getText(of chosen: ListedTranscription, _ claim: TranscriptionClaim) {
        let name = "the transcription of '\(claim.id)'"
        do throws(FetchFailure) {
            let body = try text(of: chosen, name)
            waiting.append(.init(claim: claim, state: chosen.state.word, body: body))
            distrust = 0
        } catch {
            switch error.kind {
            case .interrupted, .overdue: isStopped = true
            default:
                var finding = TranscriptionFinding(
                    row: claim.row, state: chosen.state.word, isSettled: false)
                finding.hasFailed = true
                findings.append(finding)
                fail(
                    "of '\(claim.id)': \(error.reason)", distrust: Self.distrust(error.kind),
                    isLast: error.kind == .unreachable)
            }
        }
    }

    private func text(
        of chosen: ListedTranscription, _ name: String
    ) throws(FetchFailure) -> [UInt8] {
        guard let address = chosen.textURL else {
            // Short ones are whole in the list.
            let body = Array((chosen.text ?? "").utf8)
            guard let size = chosen.textSize, chosen.text?.count == Int(size) || body.count == size
            else {
                throw FetchFailure(kind: .failed, reason: "the provider names no text")
            }
            return body
        }
        let url: HTTPURL
        do throws(InvalidURL) {
            url = try base.resolve(address)
        } catch {
            throw FetchFailure(kind: .failed, reason: "its text's URL is unusable: \(error)")
        }
        return try texts.fetch(
            url, name, limit: Self.limit, accept: "text/plain, */*;q=0.5",
            readings: Self.readings
        ) { (response: Response) throws(UnusableAnswer) in
            let complaint = TranscriptionRule.complaint(
                response.body, contentType: response.head.first("content-type"),
                size: chosen.textSize)
            if let complaint { throw UnusableAnswer(reason: complaint) }
            return response.body
        }
    }

    private static func distrust(_ kind: FetchFailure.Kind) -> Int {
        switch kind {
        case .unusable, .gone: 1
        case .refused: 7
        default: 4
        }
    }

    private func fail(_ reason: String, distrust weight: Int = 4, isLast: Bool = false) {
        failures += 1
        distrust += weight
        firstReason = firstReason ?? reason
        observer.observe(.notice(.debug, "a transcription could not be fetched: \(reason)"))
        if isLast || distrust >= Self.mostDistrust { isStopped = true }
    }

    /// Stores what has gathered: files first, then the catalog.
    private func flush() throws(ArchiveError) {
        let texts = waiting
        waiting = []
        if !texts.isEmpty {
            let free = try archive.freeBytes()
            if free < minFree { throw SpaceRule.error(archive.path, free, minFree) }
        }
        let placed = try store.place(texts)
        for (text, finding) in zip(texts, placed) {
            if let file = finding.text {
                stored += 1
                observer.observe(
                    .notice(.debug, "stored \(file.file) (\(counted(file.bytes, "byte")))"))
            } else {
                fail(
                    "'\(TextStore.name(beside: text.claim.file))' exists with other contents; "
                        + "it is not ours and is never overwritten", distrust: 0)
            }
        }
        let all = findings + placed
        findings = []
        do throws(CatalogError) {
            try catalog.settle(all, at: max(Timestamp.now(), began))
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }
}

extension TranscriptionPass {
    /// Forgets texts that no longer lie where they were stored; one stat each.
    func reconcile() {
        do throws(ArchiveError) {
            try forgetLost()
        } catch {
            fail("\(error.what): \(error.why)")
        }
    }

    private func forgetLost() throws(ArchiveError) {
        let look = FileLook(archive)
        var last: Int64 = 0
        while !lists.isInterrupted {
            do throws(CatalogError) {
                let texts = try catalog.texts(after: last, limit: 1000)
                guard let end = texts.last else { return }
                last = end.row
                var lost: [Int64] = []
                for text in texts where try !isInPlace(text, look) { lost.append(text.row) }
                try catalog.forgetTexts(lost)
            } catch {
                throw error.stopping(archive: archive.path)
            }
        }
    }

    private func isInPlace(
        _ text: KnownFile, _ look: FileLook
    ) throws(CatalogError) -> Bool {
        do throws(ArchiveError) {
            let status = try look.status(ofFile: text.file)
            if let status, status.kind == .file, status.size == text.bytes { return true }
            observer.observe(
                .notice(
                    .warning,
                    "'\(text.file)' \(status == nil ? "is missing" : "has another size"); "
                        + "it is asked for again"))
            if status != nil { try moveAside(text.file) }
            return false
        } catch {
            throw CatalogError(.storage, "\(error.what): \(error.why)")
        }
    }

    private func moveAside(_ file: String) throws(ArchiveError) {
        do throws(SystemCallError) {
            try archive.moveToDamaged(file)
        } catch {
            throw error.stopping("cannot move '\(file)' aside")
        }
    }
}
