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

    init(_ statement: OpaquePointer, database: OpaquePointer, name: String) {
        unsafe self.statement = statement
        unsafe self.database = database
        self.name = name
    }

    deinit {
        unsafe sqlite3_finalize(statement)
    }

    /// Ready for new values and another run.
    func reset() {
        unsafe sqlite3_reset(statement)
        unsafe sqlite3_clear_bindings(statement)
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int64?) throws(CatalogError) -> Statement {
        guard let value else { return self }
        try check(unsafe sqlite3_bind_int64(statement, index, value))
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int?) throws(CatalogError) -> Statement {
        try bind(index, value.map(Int64.init))
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Double?) throws(CatalogError) -> Statement {
        guard let value else { return self }
        try check(unsafe sqlite3_bind_double(statement, index, value))
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: String?) throws(CatalogError) -> Statement {
        guard var value else { return self }
        let code = value.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
                // An empty buffer has no address, which SQLite would take for NULL.
                if let base = bytes.baseAddress {
                    return unsafe csqlite_bind_text(statement, index, base, Int32(bytes.count))
                }
                return unsafe csqlite_bind_text(statement, index, "", 0)
            }
        }
        try check(code)
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: [UInt8]?) throws(CatalogError) -> Statement {
        guard let value else { return self }
        let code = unsafe value.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress, !value.isEmpty {
                return unsafe csqlite_bind_blob(statement, index, base, Int32(bytes.count))
            }
            return unsafe sqlite3_bind_zeroblob(statement, index, 0)
        }
        try check(code)
        return self
    }

    /// Goes to the next row; false at the end.
    func step() throws(CatalogError) -> Bool {
        let code = unsafe sqlite3_step(statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = unsafe CatalogError(
                code: code, text: String(cString: sqlite3_errmsg(database)), during: name)
            reset()
            throw error
        }
    }

    /// Runs to the end and resets.
    func run() throws(CatalogError) {
        while try step() {}
        unsafe sqlite3_reset(statement)
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

    private func check(_ code: Int32) throws(CatalogError) {
        guard code != SQLITE_OK else { return }
        throw unsafe CatalogError(
            code: code, text: String(cString: sqlite3_errmsg(database)), during: name)
    }
}
