import CSQLite
import Glibc

/// A prepared statement; confined to the catalog's queue.
///
/// Parameters count from 1, columns from 0, as in SQLite.
@safe
final class Statement {
    // Owned: finalized in deinit, before its database closes.
    private let statement: OpaquePointer
    // Borrowed: outlives this value, which its database owns.
    private let database: OpaquePointer
    private let name: String
    /// Texts and blobs that are bound lie here, which spares SQLite an allocation for each.
    // Owned: freed in deinit, after the statement that looks at it.
    private var room: UnsafeMutableRawPointer?
    private var used = 0
    private static let roomSize = 8192

    init(_ statement: OpaquePointer, database: OpaquePointer, name: String) {
        unsafe self.statement = statement
        unsafe self.database = database
        self.name = name
    }

    deinit {
        unsafe sqlite3_finalize(statement)
        unsafe room?.deallocate()
    }

    /// Ready for new values and another run.
    func reset() {
        unsafe sqlite3_reset(statement)
        unsafe sqlite3_clear_bindings(statement)
        used = 0
    }

    /// A copy of the bytes that lasts until the next reset; nil when there is no room for it.
    private func kept(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard let base = bytes.baseAddress, bytes.count <= Self.roomSize - used else { return nil }
        let start: UnsafeMutableRawPointer
        if let room = unsafe room {
            unsafe start = room + used
        } else {
            unsafe start = .allocate(byteCount: Self.roomSize, alignment: 8)
            unsafe room = start
        }
        unsafe start.copyMemory(from: base, byteCount: bytes.count)
        used += bytes.count
        return UnsafeRawPointer(start)
    }

    // Inlined, so that a chain of them counts no reference to the statement for each value.

    @inline(__always) @discardableResult
    func bind(_ index: Int32, _ value: Int64?) throws(CatalogError) -> Statement {
        if let value { try set(index, value) }
        return self
    }

    @inline(__always) @discardableResult
    func bind(_ index: Int32, _ value: Int?) throws(CatalogError) -> Statement {
        if let value { try set(index, Int64(value)) }
        return self
    }

    @inline(__always) @discardableResult
    func bind(_ index: Int32, _ value: Double?) throws(CatalogError) -> Statement {
        if let value { try set(index, value) }
        return self
    }

    @inline(__always) @discardableResult
    func bind(_ index: Int32, _ value: String?) throws(CatalogError) -> Statement {
        if let value { try set(index, value) }
        return self
    }

    @inline(__always) @discardableResult
    func bind(_ index: Int32, _ value: [UInt8]?) throws(CatalogError) -> Statement {
        if let value { try set(index, value) }
        return self
    }

    private func set(_ index: Int32, _ value: Int64) throws(CatalogError) {
        try check(unsafe sqlite3_bind_int64(statement, index, value))
    }

    private func set(_ index: Int32, _ value: Double) throws(CatalogError) {
        try check(unsafe sqlite3_bind_double(statement, index, value))
    }

    private func set(_ index: Int32, _ value: String) throws(CatalogError) {
        // Copied before the span's end.
        let code = unsafe value.utf8Span.span.bytes.withUnsafeBytes { bytes in
            let count = Int32(bytes.count)
            if let kept = unsafe kept(bytes) {
                return unsafe csqlite_bind_kept_text(statement, index, kept, count)
            }
            // An empty buffer has no address, which SQLite would take for NULL.
            guard let base = bytes.baseAddress else {
                return unsafe csqlite_bind_text(statement, index, "", 0)
            }
            return unsafe csqlite_bind_text(statement, index, base, count)
        }
        try check(code)
    }

    private func set(_ index: Int32, _ value: [UInt8]) throws(CatalogError) {
        let code = unsafe value.withUnsafeBytes { bytes in
            let count = Int32(bytes.count)
            guard let base = bytes.baseAddress, count > 0 else {
                return unsafe sqlite3_bind_zeroblob(statement, index, 0)
            }
            if let kept = unsafe kept(bytes) {
                return unsafe csqlite_bind_kept_blob(statement, index, kept, count)
            }
            return unsafe csqlite_bind_blob(statement, index, base, count)
        }
        try check(code)
    }

    /// Goes to the next row; false at the end.
    func step() throws(CatalogError) -> Bool {
        let code = unsafe sqlite3_step(statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code)
        }
    }

    private func failure(_ code: Int32) -> CatalogError {
        defer { reset() }
        return unsafe CatalogError(
            code: code, text: String(cString: sqlite3_errmsg(database)), during: name)
    }

    /// Runs to the end and resets.
    func run() throws(CatalogError) {
        while try step() {}
        unsafe sqlite3_reset(statement)
    }

    /// SQLITE_CONSTRAINT_UNIQUE, a macro that Swift doesn't import.
    private static let isTaken = SQLITE_CONSTRAINT | 8 << 8

    /// Runs what gives no rows, and resets; false, with nothing changed, when a value that must be there
    /// once is there already.
    func runUnlessTaken() throws(CatalogError) -> Bool {
        let code = unsafe sqlite3_step(statement)
        guard code == SQLITE_DONE || code == Self.isTaken else { throw failure(code) }
        unsafe sqlite3_reset(statement)
        return code == SQLITE_DONE
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    func int64(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(statement, column)
    }

    func optionalInt64(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int64(column)
    }

    func optionalInt(_ column: Int32) -> Int? {
        isNull(column) ? nil : Int(clamping: int64(column))
    }

    func optionalDouble(_ column: Int32) -> Double? {
        isNull(column) ? nil : unsafe sqlite3_column_double(statement, column)
    }

    func text(_ column: Int32) -> String? {
        guard let bytes = unsafe sqlite3_column_text(statement, column) else { return nil }
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        return unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Calls `body` with a text's UTF-8 where it lies; false for NULL.
    func withText(_ column: Int32, _ body: (Span<UInt8>) -> Void) -> Bool {
        guard let bytes = unsafe sqlite3_column_text(statement, column) else { return false }
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        // SQLite keeps it until the next step.
        unsafe body(Span(_unsafeStart: bytes, count: count))
        return true
    }

    /// Calls `body` with a blob's bytes where they lie; none for NULL.
    func withBlob(_ column: Int32, _ body: (Span<UInt8>) -> Void) {
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        let bytes = unsafe sqlite3_column_blob(statement, column)
        // SQLite keeps it until the next step.
        unsafe body(
            Span(
                _unsafeElements: UnsafeBufferPointer(
                    start: bytes?.assumingMemoryBound(to: UInt8.self),
                    count: bytes == nil ? 0 : count)))
    }

    func blob(_ column: Int32) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        guard let bytes = unsafe sqlite3_column_blob(statement, column) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Whether the column's bytes are these, without a copy.
    func blob(_ column: Int32, equals expected: [UInt8]) -> Bool {
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        guard count == expected.count, let bytes = unsafe sqlite3_column_blob(statement, column)
        else { return false }
        return unsafe expected.withUnsafeBytes { expected in
            guard let base = expected.baseAddress else { return true }
            return unsafe memcmp(base, bytes, count) == 0
        }
    }

    /// Whether the column holds this text, or NULL for nil, without a copy.
    func text(_ column: Int32, equals expected: String?) -> Bool {
        guard let bytes = unsafe sqlite3_column_text(statement, column) else {
            return expected == nil
        }
        guard var expected else { return false }
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        return expected.withUTF8 { expected in
            guard count == expected.count, let base = expected.baseAddress else {
                return count == expected.count
            }
            return unsafe memcmp(base, bytes, count) == 0
        }
    }

    private func check(_ code: Int32) throws(CatalogError) {
        guard code != SQLITE_OK else { return }
        throw unsafe CatalogError(
            code: code, text: String(cString: sqlite3_errmsg(database)), during: name)
    }
}
