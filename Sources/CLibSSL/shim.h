// What the simulator needs of OpenSSL; no logic of any kind.
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
