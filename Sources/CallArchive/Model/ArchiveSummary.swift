/// How many recordings stand where; the manifest's `summary`.
package struct ArchiveSummary: Sendable, Equatable {
    /// All entries, also those whose row the provider dropped.
    package var listed = 0
    package var archived = 0
    package var waiting = 0
    package var pending = 0
    package var failed = 0
    package var gone = 0
    package var unavailable = 0
    /// Bytes of all archived files.
    package var bytes: Int64 = 0

    package init() {}
}
