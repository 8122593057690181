/// Why recordings are not archived: one line for all that share a status and a code.
package struct NotArchivedReason: Sendable, Equatable {
    package var status: ArchiveStatus
    package var code: String
    package var count: Int
    /// One of them, and what was said of it.
    package var id: String
    package var message: String

    package init(status: ArchiveStatus, code: String, count: Int, id: String, message: String) {
        self.status = status
        self.code = code
        self.count = count
        self.id = id
        self.message = message
    }
}
