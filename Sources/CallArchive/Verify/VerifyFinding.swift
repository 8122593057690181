import Platform

/// One thing that is not as the catalog says.
package struct VerifyFinding: Sendable, Equatable {
    /// The raw value is the word that `verify` prints.
    package enum Problem: String, Sendable, CaseIterable {
        /// An archived recording's file isn't there.
        case missing
        /// It has another size.
        case size
        /// It has other bytes.
        case hash
        /// It can't be read, or is no plain file.
        case unreadable
        /// A file below `recordings/` that no recording has.
        case unknownFile
    }

    package enum Value: Sendable, Equatable {
        case bytes(Int64)
        /// 64 lower-case hex digits.
        case sha256(String)
        case text(String)
    }

    /// nil for a file that no recording has.
    package var id: String?
    /// Below the archive.
    package var file: String
    package var problem: Problem
    package var expected: Value?
    package var found: Value?

    package init(
        id: String?, file: String, problem: Problem, expected: Value? = nil, found: Value? = nil
    ) {
        self.id = id
        self.file = file
        self.problem = problem
        self.expected = expected
        self.found = found
    }

    /// Whether something archived is not what it was.
    package var isDamage: Bool { problem != .unknownFile }

    /// nil for a file that is as it should be.
    init?(_ file: KnownFile, _ check: FileCheck) {
        self.init(id: file.id, file: file.file, problem: .missing)
        switch check {
        case .intact: return nil
        case .missing: expected = .bytes(file.bytes)
        case .size(let size):
            problem = .size
            expected = .bytes(file.bytes)
            found = .bytes(size)
        case .hash(let digest):
            problem = .hash
            expected = .sha256(Hex.text(file.sha256))
            found = .sha256(Hex.text(digest))
        case .unreadable(let reason):
            problem = .unreadable
            expected = .bytes(file.bytes)
            found = .text(reason)
        }
    }
}
