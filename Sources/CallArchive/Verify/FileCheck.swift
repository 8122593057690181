/// What a file is to be.
struct FileJob: Sendable {
    /// Below the archive.
    var file: String
    /// nil: any size.
    var bytes: Int64?
    /// 32 bytes.
    var sha256: [UInt8]
}

/// What it was found to be.
enum FileCheck: Sendable, Equatable {
    case intact(bytes: Int64)
    case missing
    /// It has another size, this one; its bytes were not read.
    case size(Int64)
    /// It has other bytes, with this SHA-256.
    case hash([UInt8])
    /// It could not be read, or is no plain file.
    case unreadable(String)
}
