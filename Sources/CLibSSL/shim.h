// Typed wrappers for what Swift cannot import; no logic of any kind.
#pragma once

#include <openssl/ssl.h>
