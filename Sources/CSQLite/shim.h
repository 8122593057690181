// Typed wrappers for what Swift cannot import; no logic of any kind.
#pragma once

#include <sqlite3.h>
