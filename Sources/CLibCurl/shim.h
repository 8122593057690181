// Typed wrappers for what Swift cannot import; no logic of any kind.
#pragma once

#include <curl/curl.h>

static inline CURLcode clibcurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*clibcurl_data_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode clibcurl_set_data_function(
    CURL *easy, CURLoption option, clibcurl_data_function value) {
    return curl_easy_setopt(easy, option, value);
}
typedef CURLcode (*clibcurl_tls_function)(CURL *easy, void *context, void *data);

static inline CURLcode clibcurl_set_tls_function(
    CURL *easy, CURLoption option, clibcurl_tls_function value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode clibcurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode clibcurl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode clibcurl_get_certificates(CURL *easy, struct curl_certinfo **value) {
    return curl_easy_getinfo(easy, CURLINFO_CERTINFO, value);
}
static inline CURLMcode clibcurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
// The message's union, whose `result` member is valid for CURLMSG_DONE.
static inline CURLcode clibcurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

// Macros with casts.
static const CURLversion clibcurl_version_now = CURLVERSION_NOW;
static const long clibcurl_global_default = (long)CURL_GLOBAL_DEFAULT;
