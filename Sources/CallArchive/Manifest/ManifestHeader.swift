package import Platform

/// What the manifest says of the whole, before its entries.
package struct ManifestHeader: Sendable, Equatable {
    package static let schema = "callarchive.manifest/1"
    /// Of archives that don't say.
    package static let usualProvider = "catapult"

    /// How the last listing went.
    package struct Listing: Sendable, Equatable {
        /// The walk reached its end.
        package var complete: Bool
        package var completedAt: Timestamp?
        package var pages: Int

        package init(complete: Bool, completedAt: Timestamp? = nil, pages: Int) {
            self.complete = complete
            self.completedAt = completedAt
            self.pages = pages
        }
    }

    /// Program and version, as `callarchive 0.1.0`.
    package var generator: String
    package var generatedAt: Timestamp
    package var provider: String
    package var account: String
    package var listing: Listing
    package var summary: ArchiveSummary

    package init(
        generator: String, generatedAt: Timestamp, provider: String = ManifestHeader.usualProvider,
        account: String, listing: Listing, summary: ArchiveSummary
    ) {
        self.generator = generator
        self.generatedAt = generatedAt
        self.provider = provider
        self.account = account
        self.listing = listing
        self.summary = summary
    }
}
