package import Platform
package import Transfer

/// How fast requests of one endpoint family may start.
package enum RequestRate: Sendable, Equatable {
    /// Learned from the provider's answers.
    case auto
    /// Not paced; a 429 is still obeyed.
    case none
    case perSecond(Double)
}

extension RequestRate {
    var pacing: Pacer.Mode {
        switch self {
        case .auto: .auto
        case .none: .none
        case .perSecond(let rate): .fixed(rate)
        }
    }
}

/// Everything a sync is told; defaults are the documented ones.
package struct SyncSettings: Sendable {
    /// Path of the archive folder.
    package var archive: String
    /// The account's user id at the provider.
    package var account: String
    package var credentials: Credentials
    /// Without a trailing slash.
    package var baseURL = "https://api.catapult.inetwork.com/v1"
    /// Transfers at once, 1 to 256.
    package var concurrency = 16
    /// Rows a page, 1 to 1000.
    package var pageSize = 1000
    package var requestRate = RequestRate.auto
    /// Bytes per second over all transfers.
    package var limitRate: Int64?
    /// Start time, inclusive.
    package var since: Timestamp?
    /// Start time, exclusive.
    package var until: Timestamp?
    /// Soft: nothing new starts after it, what runs is finished.
    package var maxDuration: Duration?
    package var maxFiles: Int?
    package var retries = 5
    package var stallTimeout = Duration.seconds(30)
    package var connectTimeout = Duration.seconds(30)
    /// Bytes to leave free on the archive's file system.
    package var minFree: Int64 = 256 << 20
    package var lockWait = Duration.zero
    package var mediaHosts: [MediaHost] = []
    /// PEM bundle used in place of the system's.
    package var caFile: String?
    package var retryGone = false
    /// Asks who called whom.
    package var withCalls = false
    /// Keeps what the provider made of what was said.
    package var withTranscriptions = false
    package var handover = HandoverSettings()

    package init(archive: String, account: String, credentials: Credentials) {
        self.archive = archive
        self.account = account
        self.credentials = credentials
    }
}
