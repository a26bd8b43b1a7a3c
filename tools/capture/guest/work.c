/* SPDX-License-Identifier: CC0-1.0
 *
 * Pieces of the guests' work (static). Times are seconds or ms of the guest's clock since power-on, on which one tick of the time stamp
 * counter is 1 ns, so that every phase begins at the same instant in every run. Nothing here is random but by a fixed seed.
 *
 *   work tsc | sleep MS | until S | meminfo MS FILE | alloc MIB thp|4k | touch MIB MS | hog | cache DIR
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MARK(n) __asm__ volatile(".byte 0x0f,0x1f,0x80; .long 0x4d4b0000+" #n ::: "memory")
#define MIB ((size_t)1 << 20)
#define PAGE ((size_t)4096)

static uint64_t tsc(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static void until(long seconds)
{
    uint64_t target = (uint64_t)seconds * 1000000000, now;
    while ((now = tsc()) < target) nanosleep(&(struct timespec){ (target - now) / 1000000000, (target - now) % 1000000000 }, NULL);
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t state = 88172645463325252ull, sink;
static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 20;
}

/* One page of contents: of 8 pages 1 is zero, 2 repeat a word, 4 are like text, 1 is random. */
static void fill(uint64_t *page)
{
    unsigned kind = draw() & 7;
    uint64_t word = 0x0101010101010101ull * (draw() & 15);
    if (kind == 0) page[1] = 0;
    else
        for (int i = 0; i < 512; i++) page[i] = kind < 3 ? word : kind < 7 ? 0x2020202020000000ull + (draw() & 0x0f0f0f) : draw() << 20 ^ draw();
}

static char *map(size_t bytes, int large)
{
    char *at = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    if (!large) madvise(at, bytes, MADV_NOHUGEPAGE);
    return at;
}

static void fill_all(char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += PAGE) fill((uint64_t *)(at + i));
}

/* Touches every page once; one in `one_in` is written. */
static void sweep(char *at, size_t bytes, unsigned one_in)
{
    for (size_t i = 0; i < bytes; i += PAGE) {
        volatile char *byte = at + i + (draw() & 0xff8);
        if (draw() % one_in == 0) *byte = (char)draw();
        else sink += *byte;
    }
}

static int meminfo(long every_ms, const char *path)
{
    static char text[8192], out[9000];
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    for (;;) {
        int from = open("/proc/meminfo", O_RDONLY);
        ssize_t n = read(from, text, sizeof text - 1);
        close(from);
        int head = sprintf(out, "tsc %lu\n", tsc());
        memcpy(out + head, text, n < 0 ? 0 : n);
        if (write(file, out, head + (n < 0 ? 0 : n)) < 0) return 1;
        sleep_ms(every_ms);
    }
}

static int allocate(size_t bytes, int large)
{
    MARK(20);
    char *at = map(bytes, large);
    fill_all(at, bytes);
    MARK(21);
    for (size_t i = 0; i < bytes; i += PAGE) sink += *(volatile char *)(at + i + 64);
    MARK(22);
    munmap(at, bytes);
    MARK(23);
    return 0;
}

static int touch(size_t bytes, long ms)
{
    char *at = map(bytes, 0);
    MARK(24);
    for (long t = 0; t < ms; t += 20) {
        sweep(at, bytes, 2);
        sleep_ms(20);
    }
    MARK(25);
    return 0;
}

/* Half an hour: 120 MiB until 420 s, then 4 MiB; 60 MiB more from 900 s to 1500 s, which nobody touches again. */
static int hog(void)
{
    size_t large = 120 * MIB, small = 4 * MIB, idle = 60 * MIB;
    until(120);
    MARK(20);
    char *at = map(large, 0);
    fill_all(at, large);
    MARK(21);
    for (long t = 130; t < 420; t += 10) until(t), sweep(at, large, 4);
    until(420);
    MARK(22);
    munmap(at, large);
    MARK(23);
    at = map(small, 0);
    MARK(24);
    for (long t = 421; t < 900; t++) until(t), sweep(at, small, 4);
    MARK(25);
    until(900);
    MARK(30);
    char *left = map(idle, 0);
    fill_all(left, idle);
    MARK(31);
    until(1500);
    MARK(32);
    munmap(left, idle);
    MARK(33);
    return 0;
}

static char *file_name(const char *folder, int file)
{
    static char name[256];
    snprintf(name, sizeof name, "%s/f%02d", folder, file);
    return name;
}

/* Half an hour of files: written until 110 MiB, read, the newer the more; half are deleted at 900 s, the rest at 1500 s. */
static int cache(const char *folder)
{
    static char block[16 * 4096];
    size_t bytes[64], total = 0;
    int files = 0, first = 0;
    for (long t = 10; t < 1500; t += 10) {
        until(t);
        if (t == 900) {
            MARK(21);
            for (int half = files / 2; first < half; first++) unlink(file_name(folder, first));
            MARK(22);
        }
        size_t size = (1 + draw() % 8) * MIB;
        if (t < 900 && files < 64 && total + size <= 112 * MIB) {
            int to = open(file_name(folder, files), O_WRONLY | O_CREAT | O_TRUNC, 0644);
            for (size_t done = 0; done < size; done += sizeof block) {
                fill_all(block, sizeof block);
                if (write(to, block, sizeof block) != sizeof block) {
                    perror("write");
                    return 1;
                }
            }
            close(to);
            bytes[files++] = size;
            total += size;
        }
        for (int reads = 2 + (draw() & 1); reads > 0 && files > first; reads--) {
            uint64_t u = draw() % 1000;
            int file = files - 1 - (int)((uint64_t)(files - first) * u * u * u / 1000000000);
            int from = open(file_name(folder, file), O_RDONLY);
            size_t wanted = draw() % 4 == 0 ? bytes[file] : MIB / 2;
            ssize_t got;
            for (size_t done = 0; done < wanted && (got = read(from, block, sizeof block)) > 0; done += got) sink += block[draw() & 0xffff];
            close(from);
        }
    }
    until(1500);
    MARK(23);
    for (; first < files; first++) unlink(file_name(folder, first));
    MARK(24);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "tsc")) return printf("tsc=%lu\n", tsc()) < 0;
    if (!strcmp(what, "hog")) return hog();
    if (argc > 2 && !strcmp(what, "sleep")) return sleep_ms(atol(argv[2])), 0;
    if (argc > 2 && !strcmp(what, "until")) return until(atol(argv[2])), 0;
    if (argc > 2 && !strcmp(what, "cache")) return cache(argv[2]);
    if (argc > 3 && !strcmp(what, "meminfo")) return meminfo(atol(argv[2]), argv[3]);
    if (argc > 3 && !strcmp(what, "alloc")) return allocate(atol(argv[2]) * MIB, !strcmp(argv[3], "thp"));
    if (argc > 3 && !strcmp(what, "touch")) return touch(atol(argv[2]) * MIB, atol(argv[3]));
    fprintf(stderr, "work: %s: is nothing that can be done\n", what);
    return 1;
}
