/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of a capture, and the file they go to.
 *
 * File: a header of 64 bytes, then records of 24 bytes, all little-endian.
 *   u64 clk    instructions executed, over all vCPUs, at the first access of the run
 *   u64 key    bits 63..12 virtual page | 11..8 vCPU | 7..4 event | 3 io | 2 user | 1..0 op: 0 read 1 write 2 fetch 3 event
 *   u32 gpfn   guest page frame, 0xffffffff unknown     } of an event: one u64 value
 *   u32 count  accesses that the run stands for         }
 * A run is accesses of one kind to one page from one address space. What address space that is, the last CR3 event before it says.
 */
#ifndef RECORD_H
#define RECORD_H
#include <stdbool.h>
#include <stdint.h>

#define MAX_VCPUS 16
#define NO_FRAME 0xffffffffu

enum { OP_READ, OP_WRITE, OP_FETCH, OP_EVENT };
#define FLAG_USER 4u
#define FLAG_IO 8u
enum { EV_SYNC, EV_CR3, EV_MARK, EV_INVLPG, EV_INVPCID, EV_HLT, EV_IDLE, EV_RESUME, EV_WATCH, EV_CRX, EVENTS };

struct recording {
    uint32_t slots;        /* runs kept open per vCPU, a power of two; 1: only the last one of each op (strict) */
    uint64_t window;       /* instructions after which a run is closed */
    uint64_t vwindow;      /* ns of virtual time whose boundaries close all runs; 0: none */
    uint64_t ram_bytes;    /* guest-physical addresses from here on are devices */
    uint64_t max_accesses; /* reads and writes after which nothing more is recorded */
    unsigned vcpus;
    bool enabled;          /* accesses are recorded */
    bool gated;            /* other events than markers only while they are */
};
extern struct recording recording;

/* What was seen, recorded or not. */
struct counts {
    uint64_t accesses[3], user[3], records, events[EVENTS], io, unknown, crossings;
};
extern struct counts counts;

/* Header flags. */
#define HAS_FETCHES 1u
#define HAS_VIRTUAL_CLOCK 2u
#define HAS_CR3 4u
#define HAS_FETCH_FRAMES 8u

bool record_open(const char *path, uint32_t api, uint32_t flags);
void record_close(void);

/* The instruction clock; the plugin says where it is counted. */
extern uint64_t (*record_now)(void);

void record_event(unsigned vcpu, int event, uint64_t value);
/* The virtual clock is known to be `ns` now. */
void record_synced(uint64_t ns);
/* An address space was loaded: mappings of runs in the lower half may be others now. */
void record_space(unsigned vcpu, uint64_t cr3);
/* Mappings were invalidated in all spaces. */
void record_invalidated(unsigned vcpu);
uint64_t record_current_space(unsigned vcpu);

/* Where a data access went: asked only where a run begins or may have moved. Sets `io`. */
typedef uint32_t (*frame_fn)(uint32_t meminfo, uint64_t va, bool *io);
void record_access(unsigned vcpu, uint64_t va, unsigned op, bool user, uint32_t n, uint32_t meminfo, uint32_t fetch_frame, frame_fn frame);

#endif
