// Typed wrappers for what Swift cannot import; no logic of any kind.
#pragma once

#include <sqlite3.h>

// SQLITE_TRANSIENT and SQLITE_STATIC are casts of integers to function pointers. SQLite copies what
// is bound, but for the kept ones, which the caller keeps until the binding is cleared.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *text, int n) {
    return sqlite3_bind_text(statement, index, (const char *)text, n, SQLITE_TRANSIENT);
}
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int n) {
    return sqlite3_bind_blob(statement, index, bytes, n, SQLITE_TRANSIENT);
}
static inline int csqlite_bind_kept_text(
    sqlite3_stmt *statement, int index, const void *text, int n) {
    return sqlite3_bind_text(statement, index, (const char *)text, n, SQLITE_STATIC);
}
static inline int csqlite_bind_kept_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int n) {
    return sqlite3_bind_blob(statement, index, bytes, n, SQLITE_STATIC);
}
// sqlite3_config is variadic.
static inline int csqlite_config_number(int option, int value) {
    return sqlite3_config(option, value);
}
// A variable of SQLite's, in SQLite's memory; the former value stays, for who may be reading it.
static inline void csqlite_set_temporary_folder(const char *path) {
    __atomic_store_n(&sqlite3_temp_directory, sqlite3_mprintf("%s", path), __ATOMIC_RELEASE);
}
