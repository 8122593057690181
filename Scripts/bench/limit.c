// The limit: what libcurl itself takes to download a list of files, hash and write them.
//
// Usage: limit --list FILE --out FOLDER [--sums FILE] [--mode multi|blocking] [--threads N]
//              [--concurrency N] [--cacert FILE] [--buffer BYTES]
//
// FILE has a URL, a tab and a file name a line. Credentials come from BENCH_TOKEN and BENCH_SECRET.
// `multi`: each of N threads owns a curl_multi with its share of the concurrency. `blocking`: each
// of N threads performs one transfer after the other. SHA-256 in the write callback, connections
// and handles reused, nothing made durable: no lister, no catalog, no gate, no resume.

#define _GNU_SOURCE
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
    char *url;
    char *name;
    unsigned char digest[32];
};

struct transfer {
    CURL *easy;
    EVP_MD_CTX *digest;
    struct file *file;
    int descriptor;
};

static struct file *files;
static size_t count;
static atomic_size_t next;
static int folder;
static EVP_MD *sha256;
static int share;
static const char *authority;
static const char *user;
static const char *secret;
static long buffer = 256 * 1024;

static void stop(const char *what, const char *why) {
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(1);
}

static void read_list(const char *path) {
    FILE *list = fopen(path, "r");
    if (list == NULL) stop(path, strerror(errno));
    char *line = NULL;
    size_t room = 0, space = 0;
    ssize_t length;
    while ((length = getline(&line, &room, list)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        char *tab = strchr(line, '\t');
        if (tab == NULL) stop(path, "a line without a tab");
        *tab = 0;
        if (count == space) {
            space = space == 0 ? 1024 : space * 2;
            files = realloc(files, space * sizeof *files);
            if (files == NULL) stop(path, "no memory");
        }
        files[count].url = strdup(line);
        files[count].name = strdup(tab + 1);
        count++;
    }
    free(line);
    fclose(list);
}

static size_t receive(char *bytes, size_t one, size_t length, void *context) {
    (void)one;
    struct transfer *transfer = context;
    if (EVP_DigestUpdate(transfer->digest, bytes, length) != 1) return 0;
    size_t written = 0;
    while (written < length) {
        ssize_t part = write(transfer->descriptor, bytes + written, length - written);
        if (part < 0) {
            if (errno == EINTR) continue;
            return 0;
        }
        written += (size_t)part;
    }
    return length;
}

static void prepare(struct transfer *transfer) {
    transfer->digest = EVP_MD_CTX_new();
    transfer->easy = curl_easy_init();
    if (transfer->digest == NULL || transfer->easy == NULL) stop("prepare", "no memory");
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERNAME, user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, secret);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, buffer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (authority != NULL) curl_easy_setopt(easy, CURLOPT_CAINFO, authority);
}

// Takes the next file; 0 when there is none left.
static int begin(struct transfer *transfer) {
    size_t index = atomic_fetch_add(&next, 1);
    if (index >= count) return 0;
    transfer->file = &files[index];
    const char *name = transfer->file->name;
    transfer->descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (transfer->descriptor < 0) stop(name, strerror(errno));
    if (EVP_DigestInit_ex(transfer->digest, sha256, NULL) != 1) stop(name, "no digest");
    curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->file->url);
    return 1;
}

static void end(struct transfer *transfer, CURLcode result) {
    long status = 0;
    if (result != CURLE_OK) stop(transfer->file->url, curl_easy_strerror(result));
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) stop(transfer->file->url, "the status isn't 200");
    if (EVP_DigestFinal_ex(transfer->digest, transfer->file->digest, NULL) != 1)
        stop(transfer->file->name, "no digest");
    if (close(transfer->descriptor) != 0) stop(transfer->file->name, strerror(errno));
}

static void *run_multi(void *context) {
    (void)context;
    CURLM *multi = curl_multi_init();
    struct transfer *transfers = calloc((size_t)share, sizeof *transfers);
    if (multi == NULL || transfers == NULL) stop("run", "no memory");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)share);
    int running = 0;
    for (int i = 0; i < share; i++) {
        prepare(&transfers[i]);
        if (!begin(&transfers[i])) break;
        curl_multi_add_handle(multi, transfers[i].easy);
        running++;
    }
    while (running > 0) {
        int active, left;
        CURLMcode code = curl_multi_perform(multi, &active);
        if (code != CURLM_OK) stop("curl_multi_perform", curl_multi_strerror(code));
        CURLMsg *message;
        int restarted = 0;
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            if (message->msg != CURLMSG_DONE) continue;
            struct transfer *transfer;
            CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            end(transfer, result);
            curl_multi_remove_handle(multi, transfer->easy);
            if (begin(transfer)) {
                curl_multi_add_handle(multi, transfer->easy);
                restarted = 1;
            } else {
                running--;
            }
        }
        if (running > 0 && !restarted) {
            code = curl_multi_poll(multi, NULL, 0, 1000, NULL);
            if (code != CURLM_OK) stop("curl_multi_poll", curl_multi_strerror(code));
        }
    }
    return NULL;
}

static void *run_blocking(void *context) {
    (void)context;
    struct transfer transfer = {0};
    prepare(&transfer);
    while (begin(&transfer)) end(&transfer, curl_easy_perform(transfer.easy));
    return NULL;
}

static void write_sums(const char *path) {
    FILE *sums = fopen(path, "w");
    if (sums == NULL) stop(path, strerror(errno));
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < 32; j++) fprintf(sums, "%02x", files[i].digest[j]);
        fprintf(sums, "  %s\n", files[i].name);
    }
    if (fclose(sums) != 0) stop(path, strerror(errno));
}

int main(int argc, char **argv) {
    const char *list = NULL, *out = NULL, *sums = NULL, *mode = "multi";
    int threads = 1, concurrency = 16;
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--list") == 0) list = value;
        else if (strcmp(name, "--out") == 0) out = value;
        else if (strcmp(name, "--sums") == 0) sums = value;
        else if (strcmp(name, "--mode") == 0) mode = value;
        else if (strcmp(name, "--threads") == 0) threads = atoi(value);
        else if (strcmp(name, "--concurrency") == 0) concurrency = atoi(value);
        else if (strcmp(name, "--cacert") == 0) authority = value;
        else if (strcmp(name, "--buffer") == 0) buffer = atol(value);
        else stop(name, "not an option");
    }
    user = getenv("BENCH_TOKEN");
    secret = getenv("BENCH_SECRET");
    if (list == NULL || out == NULL || threads < 1 || threads > 256 || concurrency < threads)
        stop("usage", "limit --list FILE --out FOLDER [--mode multi|blocking] [--threads N] …");
    if (user == NULL || secret == NULL) stop("usage", "BENCH_TOKEN and BENCH_SECRET must be set");
    read_list(list);
    folder = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) stop(out, strerror(errno));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (sha256 == NULL) stop("sha256", "not there");
    share = concurrency / threads;

    pthread_t workers[256];
    void *(*run)(void *) = strcmp(mode, "blocking") == 0 ? run_blocking : run_multi;
    for (int i = 0; i < threads; i++)
        if (pthread_create(&workers[i], NULL, run, NULL) != 0) stop("thread", "can't be made");
    for (int i = 0; i < threads; i++) pthread_join(workers[i], NULL);
    if (sums != NULL) write_sums(sums);
    return 0;
}
