package import CallArchive
import Platform
import Transfer

/// What the options mean, once flag, environment, configuration and defaults are weighed.
package struct Options: Sendable {
    package enum Verbosity: Sendable, Equatable {
        /// Errors only.
        case quiet
        /// Errors, warnings, the summary.
        case normal
        /// Everything that happens.
        case verbose
    }

    package enum LogFormat: String, Sendable, CaseIterable {
        case text, json
    }

    package enum ProgressMode: String, Sendable, CaseIterable {
        case auto, always, never
    }

    package enum Shell: String, Sendable, CaseIterable {
        case bash, zsh, fish
    }

    package enum ExportFormat: String, Sendable, CaseIterable {
        case ndjson, json, csv
    }

    /// Archive and credentials are empty until the last step fills them in.
    package var sync = SyncSettings(
        archive: "", account: "", credentials: Credentials(token: Secret(""), secret: Secret("")))
    package var baseURL = BaseURL.standard
    package var credentialsFile: String?
    package var configFile: String?

    /// All archives of the configuration.
    package var all = false
    /// The names of some of them.
    package var only: [String] = []
    /// The one that these options are for; nil without `all` and `only`.
    package var archiveName: String?
    /// Those of the configuration.
    package var archiveNames: [String] = []
    /// `credentialsFile` is meant for this archive alone, so it goes before the environment.
    package var hasOwnCredentialsFile = false

    package var dryRun = false
    package var json = false
    /// The share of the files that verify looks at; nil: all.
    package var sample: Double?
    package var repair = false
    package var exportFormat = ExportFormat.ndjson
    /// The last sequence number that export's reader saw.
    package var after: Int?
    /// Of export's entries; empty: all.
    package var statuses: [ArchiveStatus] = []
    package var retentionDays = 30
    package var atRiskDays = 7
    /// Where report writes its page; nil: into the archive.
    package var output: String?
    /// How many of report's recordings get a waveform, the newest first.
    package var waveforms = 1000
    package var failAtRisk = false
    package var metricsFile: String?
    package var pingAddress: PingAddress?
    package var progress = ProgressMode.auto
    package var logFormat = LogFormat.text
    package var verbosity = Verbosity.normal

    package var help = false
    package var version = false
    package var manPage = false
    package var completions: Shell?

    package init() {}
}
