package import Platform
import Transfer

/// Asks the provider once, and tells of all that can be known from the answer.
package struct ProviderExamination {
    /// One page of one row, or an error's body.
    private static let bodyLimit = 4 << 20
    /// A certificate that expires this soon (ms) is usually renewed by then.
    private static let certificateMargin: Int64 = 14 * 86_400_000
    /// A clock that is this wrong (ms) makes the days left of a recording no wronger.
    private static let clockMargin: Int64 = 30_000

    private let settings: SyncSettings
    private let tell: FindingSink

    package init(settings: SyncSettings, tell: @escaping FindingSink) {
        self.settings = settings
        self.tell = tell
    }

    package func run() {
        let provider: CatapultProvider
        do throws(InvalidURL) {
            provider = try CatapultProvider(
                baseURL: settings.baseURL, account: settings.account, pageSize: 1)
        } catch {
            tell(
                .error(
                    .provider, .usage, "cannot use the base URL '\(settings.baseURL)': \(error)",
                    mend: "check --base-url"))
            return
        }
        var options = TransferOptions()
        options.connectTimeout = settings.connectTimeout
        options.stallTimeout = settings.stallTimeout
        options.caFile = settings.caFile
        options.userAgent = "callarchive/\(CallArchiveVersion.current)"
        var request = TransferRequest(
            url: provider.firstPage().url, credentials: settings.credentials)
        request.headers = ["Accept: application/json"]
        request.acceptsCompression = true
        let began = Timestamp.now()
        let probe = Probe.perform(request, options: options, limit: Self.bodyLimit)
        let ended = Timestamp.now()
        switch probe.answer {
        case .failure(let error): tellFailure(error, provider)
        case .success(let response):
            let time = ended.milliseconds - began.milliseconds
            tell(
                .ok(
                    .provider,
                    "\(provider.base.origin) (\(probe.address)) answered within \(time) ms"))
            tellCertificate(probe.certificateExpiry, provider, at: ended)
            tellClock(response.head, began: began, ended: ended)
            tellAnswer(response, provider)
        }
    }

    private func tellFailure(_ error: TransferError, _ provider: CatapultProvider) {
        let (check, mend): (Finding.Check, String) =
            switch error.kind {
            case .certificate:
                (
                    .certificate,
                    "the server's certificate can't be trusted; with a CA of your own give "
                        + "--cacert, else see that ca-certificates is installed and the clock right"
                )
            case .caFile:
                (
                    .certificate,
                    "check the file given by --cacert; without it, install ca-certificates"
                )
            case .tls: (.certificate, "check --base-url, and what stands between here and there")
            case .resolve: (.provider, "check --base-url and the machine's DNS")
            case .connect, .connectTimeout:
                (
                    .provider,
                    "check --base-url, the network and its firewall, and a proxy's settings"
                )
            default: (.provider, "check --base-url, the network and the provider's status")
            }
        tell(
            .error(
                check, .unreachable,
                "cannot reach the provider at \(provider.base.origin): \(error.text)", mend: mend))
    }

    private func tellCertificate(
        _ expiry: Timestamp?, _ provider: CatapultProvider, at now: Timestamp
    ) {
        guard provider.base.origin.isSecure else { return }
        guard let expiry else {
            tell(.ok(.certificate, "it is trusted"))
            return
        }
        let left = expiry.milliseconds - now.milliseconds
        let text = "it is trusted, and expires in \(Finding.span(left)), at \(expiry.iso8601)"
        tell(
            left < Self.certificateMargin
                ? .warning(
                    .certificate, text,
                    mend: "it is the provider's to renew; if runs fail then, that is why")
                : .ok(.certificate, text))
    }

    private func tellClock(_ head: ResponseHead, began: Timestamp, ended: Timestamp) {
        guard let date = head.first("date").flatMap({ HTTPDate.parse($0, now: ended) }) else {
            tell(.ok(.clock, "not compared: the provider's answer has no date"))
            return
        }
        let offset = Self.clockOffset(date: date, began: began, ended: ended)
        let seconds = (abs(offset) + 999) / 1000
        if abs(offset) <= Self.clockMargin {
            tell(
                .ok(
                    .clock,
                    offset == 0
                        ? "it agrees with the provider's"
                        : "\(seconds) s \(offset > 0 ? "ahead of" : "behind") the provider's"))
        } else {
            tell(
                .warning(
                    .clock,
                    "\(seconds) s \(offset > 0 ? "ahead of" : "behind") the provider's",
                    mend: "set the clock: timedatectl shows whether it is synchronised"))
        }
    }

    /// How far (ms) our clock is ahead; 0 as long as it can be right, since the date has whole
    /// seconds and its answer was under way for some time.
    package static func clockOffset(
        date: Timestamp, began: Timestamp, ended: Timestamp
    ) -> Int64 {
        if ended.milliseconds < date.milliseconds { return ended.milliseconds - date.milliseconds }
        let latest = date.milliseconds + 1000
        return began.milliseconds > latest ? began.milliseconds - latest : 0
    }

    private func tellAnswer(_ response: Response, _ provider: CatapultProvider) {
        let status = response.head.status
        let words =
            "the provider answered \(status)"
            + (provider.errorText(response.body).map { ": \($0)" } ?? "")
        switch StatusClass(status) {
        case .content:
            do throws(UnusablePage) {
                _ = try provider.read(response, at: provider.firstPage())
                tell(
                    .ok(
                        .credentials,
                        "the provider accepts them for account '\(settings.account)'"))
            } catch {
                tell(
                    .error(
                        .provider, .unreachable, "its answer is no listing: \(error.reason)",
                        mend: "check --base-url; something else may answer in the provider's place"
                    ))
            }
        case .refused:
            tell(
                .error(
                    .credentials, .refused, words,
                    mend: status == 401
                        ? "check the API token and secret"
                        : "check that user id '\(settings.account)' belongs to this token"))
        case .rateLimited:
            tell(
                .warning(
                    .credentials, "not tried: the provider has had too many requests (429)",
                    mend: "run doctor again in a minute"))
        case .transient:
            tell(
                .error(
                    .provider, .unreachable, words,
                    mend: "its servers are in trouble; run again later"))
        case .redirect, .gone, .permanent, .rangeNotSatisfiable:
            tell(
                .error(
                    .provider, .unreachable, words,
                    mend: "check --base-url and the user id; the provider may have moved or ended "
                        + "this API"))
        }
    }
}
