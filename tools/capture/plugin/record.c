/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFERED (1u << 20)
#define UPPER_HALF(va) ((va) >> 63)

typedef struct {
    uint64_t clk, key;
    union {
        struct {
            uint32_t gpfn, count;
        };
        uint64_t value;
    };
} record_t;

/* A run that may go on. `generation`: its record is still in the buffer, and no window has ended since. */
typedef struct {
    uint64_t key, space, clk;
    uint32_t record, generation, epoch, gpfn;
} run_t;

struct recording recording = { .slots = 4096, .window = 100000, .ram_bytes = UINT64_MAX, .max_accesses = UINT64_MAX, .vcpus = 1, .enabled = true };
struct counts counts;
uint64_t (*record_now)(void);

static record_t *buffer;
static uint32_t buffered, generation = 1;
static FILE *out;
static bool piped;
static run_t *runs[MAX_VCPUS];
static uint64_t space_of[MAX_VCPUS];
/* Counts that go up when mappings may have changed: of the lower half, and of all. */
static uint32_t space_epoch[MAX_VCPUS], all_epoch[MAX_VCPUS];
static uint64_t virtual_window, next_window_at = UINT64_MAX;

static void write_out(void)
{
    if (buffered && fwrite(buffer, sizeof(record_t), buffered, out) != buffered) {
        perror("gmtrace: the trace cannot be written");
        exit(1);
    }
    counts.records += buffered;
    buffered = 0;
    generation++;
}

static record_t *new_record(uint64_t clk)
{
    if (buffered == BUFFERED) write_out();
    record_t *r = &buffer[buffered++];
    r->clk = clk;
    return r;
}

void record_event(unsigned vcpu, int event, uint64_t value)
{
    counts.events[event]++;
    if (recording.gated && event != EV_MARK && !recording.enabled) return;
    record_t *r = new_record(record_now());
    r->key = (uint64_t)(vcpu & 15) << 8 | (uint64_t)event << 4 | OP_EVENT;
    r->value = value;
}

void record_synced(uint64_t ns)
{
    if (!recording.vwindow) return;
    if (ns / recording.vwindow != virtual_window) {
        virtual_window = ns / recording.vwindow;
        generation++;
    }
    next_window_at = record_now() + (virtual_window + 1) * recording.vwindow - ns;
}

void record_space(unsigned vcpu, uint64_t cr3)
{
    space_of[vcpu] = cr3;
    space_epoch[vcpu]++;
    record_event(vcpu, EV_CR3, cr3);
}

void record_invalidated(unsigned vcpu) { all_epoch[vcpu]++; }

uint64_t record_current_space(unsigned vcpu) { return space_of[vcpu]; }

/* The run of these accesses, or the one that gives way to it: of two, lest a pair of hot pages drive each other out. */
static run_t *run_for(unsigned vcpu, uint64_t key, uint64_t space)
{
    if (recording.slots == 1) return &runs[vcpu][key & 3];
    uint64_t hash = (key ^ space * 0xC2B2AE3D27D4EB4Full) * 0x9E3779B97F4A7C15ull;
    run_t *run = &runs[vcpu][(hash >> 40) & (recording.slots - 1) & ~1u];
    bool is_first = run->key == key && run->space == space;
    bool is_second = run[1].key == key && run[1].space == space;
    return !is_first && (is_second || run[1].clk < run->clk) ? run + 1 : run;
}

void record_access(unsigned vcpu, uint64_t va, unsigned op, bool user, uint32_t n, uint32_t meminfo, uint32_t fetch_frame, frame_fn frame)
{
    uint64_t key = (va & ~0xfffull) | (uint64_t)(vcpu & 15) << 8 | (user ? FLAG_USER : 0) | op;
    uint64_t clk = record_now();
    uint64_t space = UPPER_HALF(va) ? 0 : space_of[vcpu] & 0x000ffffffffff000ull;
    uint32_t epoch = (UPPER_HALF(va) ? 0 : space_epoch[vcpu]) + (all_epoch[vcpu] << 16);
    counts.accesses[op] += n;
    if (user) counts.user[op] += n;
    if (clk >= next_window_at) {
        virtual_window++;
        next_window_at += recording.vwindow;
        generation++;
    }
    run_t *run = run_for(vcpu, key, space);
    bool goes_on = run->key == key && run->space == space && run->generation == generation && clk - run->clk < recording.window;
    if (goes_on && run->epoch == epoch) {
        buffer[run->record].count += n;
        return;
    }
    bool io = false;
    uint32_t gpfn = op == OP_FETCH ? fetch_frame : frame(meminfo, va, &io);
    if (gpfn != NO_FRAME && (uint64_t)gpfn << 12 >= recording.ram_bytes) io = true;
    /* Strict runs end at every switch; others go on where the page is still the same. */
    if (goes_on && recording.slots > 1 && gpfn == run->gpfn) {
        run->epoch = epoch;
        buffer[run->record].count += n;
        return;
    }
    if (io) counts.io++;
    else if (gpfn == NO_FRAME) counts.unknown++;
    record_t *r = new_record(clk);
    r->key = key | (io ? FLAG_IO : 0);
    r->gpfn = gpfn;
    r->count = n;
    *run = (run_t){ .key = key, .space = space, .clk = clk, .record = buffered - 1, .generation = generation, .epoch = epoch, .gpfn = gpfn };
    if (counts.accesses[OP_READ] + counts.accesses[OP_WRITE] >= recording.max_accesses) recording.enabled = false;
}

bool record_open(const char *path, uint32_t api, uint32_t flags)
{
    size_t length = strlen(path);
    if (strchr(path, '\'')) {
        fprintf(stderr, "gmtrace: out: the name of the file has a quote\n");
        return false;
    }
    char command[1200];
    piped = true;
    if (length > 4 && !strcmp(path + length - 4, ".zst")) snprintf(command, sizeof command, "zstd -q -3 -T1 -f -o '%s'", path);
    else if (length > 3 && !strcmp(path + length - 3, ".gz")) snprintf(command, sizeof command, "gzip -1n > '%s'", path);
    else piped = false;
    out = piped ? popen(command, "w") : fopen(path, "wb");
    buffer = malloc(sizeof(record_t) * (size_t)BUFFERED);
    for (unsigned i = 0; i < recording.vcpus; i++) runs[i] = calloc(recording.slots < 4 ? 4 : recording.slots, sizeof(run_t));
    if (!out || !buffer) {
        perror("gmtrace: out");
        return false;
    }
    struct {
        char magic[8];
        uint32_t version, record_bytes, slots, vcpus;
        uint64_t window, ram_bytes;
        uint32_t api, flags;
        uint64_t vwindow, reserved;
    } header = { .magic = "GMTRACE1", .version = 1, .record_bytes = sizeof(record_t), .slots = recording.slots, .vcpus = recording.vcpus,
                 .window = recording.window, .ram_bytes = recording.ram_bytes, .api = api, .flags = flags, .vwindow = recording.vwindow };
    _Static_assert(sizeof header == 64 && sizeof(record_t) == 24, "layout of the file");
    return fwrite(&header, sizeof header, 1, out) == 1;
}

void record_close(void)
{
    write_out();
    if ((piped ? pclose(out) : fclose(out)) != 0) fprintf(stderr, "gmtrace: the trace could not be finished\n");
}
