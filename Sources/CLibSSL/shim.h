// OpenSSL's connections, for transfers and the simulator; no logic of any kind.
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
