// Typed wrappers for what Swift cannot import; no logic of any kind.
#pragma once

#include <sqlite3.h>

// SQLITE_TRANSIENT and SQLITE_STATIC are casts of integers to function pointers.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int n) {
    return sqlite3_bind_text(statement, index, text, n, SQLITE_TRANSIENT);
}
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int n) {
    return sqlite3_bind_blob(statement, index, bytes, n, SQLITE_TRANSIENT);
}
// sqlite3_config is variadic.
static inline int csqlite_config_number(int option, int value) {
    return sqlite3_config(option, value);
}
static inline int csqlite_config_lookaside(int size, int count) {
    return sqlite3_config(SQLITE_CONFIG_LOOKASIDE, size, count);
}
