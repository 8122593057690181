// Loaded in front of a program (LD_PRELOAD), it makes nothing durable: the price of durability is
// the difference.

#include <sys/types.h>

int fsync(int descriptor) { (void)descriptor; return 0; }
int fdatasync(int descriptor) { (void)descriptor; return 0; }
int syncfs(int descriptor) { (void)descriptor; return 0; }
void sync(void) {}
int sync_file_range(int descriptor, off_t offset, off_t bytes, unsigned flags) {
    (void)descriptor, (void)offset, (void)bytes, (void)flags;
    return 0;
}
