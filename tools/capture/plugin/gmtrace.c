/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records every memory access of an x86-64 guest under QEMU's TCG, with its guest-physical page, CR3 loads, invalidations, markers.
 * One source for QEMU 7.2 to 11.x. ../README.md says how it is used; arguments:
 *
 *   out=PATH          the trace; ending in .zst or .gz it goes through zstd or gzip
 *   slots=N           runs of accesses kept open per vCPU, a power of two [4096]; 1: strict, every change of page is a record
 *   window=N          instructions after which a run is closed [100000]; 0: never
 *   vwindow=NS        virtual time whose boundaries close every run, sleeps included [none]; needs internals
 *   fetch=on|off      instruction fetches too [on]
 *   start=ID stop=ID  only between these markers [all]
 *   max=N             stop after so many reads and writes [none]
 *   ram=BYTES         guest-physical addresses from here on are devices [none]
 *   memory=PATH copy=PATH copy_at=ID   the file that is the guest's memory (-object memory-backend-file,share=on) is copied when this
 *                     marker is reached, while the guest waits
 *   watch=ADDRESS     an event when the instruction there runs; up to 16 times
 *   internals=on|off  symbols that QEMU exports and does not promise [off]. Without them a capture lacks the frames of fetches, the
 *                     virtual clock (time is then instructions, and sleeps take none), and with QEMU before 9 the values of CR3.
 */
#define _GNU_SOURCE
#include "instruction.h"
#include "qemu_plugin_api.h"
#include "record.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(qp_id_t id, const qp_info_t *info, int argc, char **argv);

#define MAX_WATCHED 16
#define FRAMES_MAX (1u << 22)
#define SYNC_EVERY 1000000 /* instructions */
#define VIRTUAL_CLOCK 1
#define GDB_CR3 29 /* in QEMU's numbering of x86-64 registers for gdb */

static char out_path[1024] = "gmtrace.gmt", memory_path[1024], copy_path[1024];
static bool with_fetches = true, with_internals;
static int start_marker = -1, stop_marker = -1, copy_marker = -1, api_level;
static uint64_t watched[MAX_WATCHED];
static unsigned watches;
/* Code in the lower half is user code from the first return to user mode on: before, it is firmware and boot code. */
static bool user_mode_seen;
static uint64_t last_sync;
static bool halted[MAX_VCPUS], loads_cr3[MAX_VCPUS];
static uint8_t *frames_seen;

/* The instruction counter: one word, or with level 2 and later one per vCPU. */
static uint64_t instructions;
static struct qemu_plugin_scoreboard *scoreboard;
static uint64_t *counter_of[MAX_VCPUS];
static f_insn_inline1 inline_of_level_1;
static f_insn_inline2 inline_of_level_2;
static f_insn_data1 bytes_of_level_1;
static f_insn_data3 bytes_of_level_3;
static f_sb_find find_counter;

/* Registers, with level 2 and later. */
static struct qemu_plugin_register *registers[MAX_VCPUS][16];
static f_get_regs list_registers;
static f_element_size element_size;
static f_read_reg read_register;
static f_ba_set_size set_size;
static g_bytearray_pub *bytes_read;

/* Internals. */
static int64_t (*clock_ns)(int);
static uint64_t (*frame_of_host)(void *);
static void *(*cpu_of)(int);
static int (*gdb_register)(void *, g_bytearray_pub *, int);

/*
 * The loader reads `qemu_plugin_version` before it calls anything. A QEMU that takes no level below 7 cannot be told from one without level 7
 * by what it exports: who starts it says so in GMTRACE_LEVEL.
 */
__attribute__((constructor)) static void pick_level(void)
{
    const char *asked = getenv("GMTRACE_LEVEL");
    if (dlsym(RTLD_DEFAULT, "qemu_plugin_scoreboard_new")) qemu_plugin_version = 2;
    if (asked && !strcmp(asked, "7")) qemu_plugin_version = 7;
}

static uint64_t executed(void)
{
    if (!scoreboard) return instructions;
    uint64_t sum = 0;
    for (unsigned i = 0; i < recording.vcpus; i++)
        if (counter_of[i]) sum += *counter_of[i];
    return sum;
}

static void sync_clock(unsigned vcpu, int event)
{
    last_sync = executed();
    uint64_t ns = clock_ns ? (uint64_t)clock_ns(VIRTUAL_CLOCK) : last_sync;
    if (clock_ns) record_synced(ns);
    record_event(vcpu, event, ns);
}

/*
 * Inside a translation block the instruction count may not be read ("Bad icount read"), but the clock as of the last time slice may, with
 * `current_cpu` hidden from its reader. Right after HLT a slice has just begun, so that it is exact.
 */
static void sync_after_halt(unsigned vcpu)
{
    halted[vcpu] = false;
    static __thread void **current;
    if (!current) current = dlsym(RTLD_DEFAULT, "current_cpu");
    if (!clock_ns || !current) return;
    void *kept = *current;
    *current = NULL;
    uint64_t ns = clock_ns(VIRTUAL_CLOCK);
    *current = kept;
    last_sync = executed();
    record_synced(ns);
    record_event(vcpu, EV_RESUME, ns);
}

static uint64_t value_read(void)
{
    uint64_t value = 0;
    memcpy(&value, bytes_read->data, bytes_read->len > 8 ? 8 : bytes_read->len);
    return value;
}

/* What an instruction before this one loaded into CR3. */
static void read_cr3(unsigned vcpu)
{
    loads_cr3[vcpu] = false;
    uint64_t cr3 = 0;
    if (gdb_register && cpu_of && bytes_read) {
        bytes_read->len = 0;
        gdb_register(cpu_of(vcpu), bytes_read, GDB_CR3);
        cr3 = value_read();
    }
    record_space(vcpu, cr3);
}

static inline void catch_up(unsigned vcpu)
{
    if (halted[vcpu]) sync_after_halt(vcpu);
    if (loads_cr3[vcpu]) read_cr3(vcpu);
}

static uint32_t data_frame(uint32_t meminfo, uint64_t va, bool *io)
{
    struct qemu_plugin_hwaddr *address = qemu_plugin_get_hwaddr(meminfo, va);
    if (!address) return NO_FRAME;
    *io = qemu_plugin_hwaddr_is_io(address);
    uint32_t frame = (uint32_t)(qemu_plugin_hwaddr_phys_addr(address) >> 12);
    if (!*io && frame < FRAMES_MAX) frames_seen[frame] = 1;
    return frame;
}

/*
 * QEMU before 8 filters by reads and writes wrongly: a callback for reads is called for stores, one for writes for both. So one
 * callback for both asks which it is.
 */
static void on_access(unsigned vcpu, qp_meminfo_t meminfo, uint64_t va, void *is_user)
{
    catch_up(vcpu);
    if (!recording.enabled) return;
    unsigned op = qemu_plugin_mem_is_store(meminfo) ? OP_WRITE : OP_READ;
    record_access(vcpu, va, op, is_user != NULL, 1, meminfo, NO_FRAME, data_frame);
    unsigned size = 1u << qemu_plugin_mem_size_shift(meminfo);
    if ((va & 0xfff) + size <= 4096) return;
    counts.crossings++;
    record_access(vcpu, (va | 0xfff) + 1, op, is_user != NULL, 1, meminfo, NO_FRAME, data_frame);
}

/* A translation block lies in one page or in two. */
typedef struct {
    uint64_t va[2];
    uint32_t frame[2], n[2];
    bool user;
} block_t;

static void on_block(unsigned vcpu, void *data)
{
    catch_up(vcpu);
    if (!recording.enabled) return;
    const block_t *block = data;
    for (int i = 0; i < 2; i++)
        if (block->n[i]) record_access(vcpu, block->va[i], OP_FETCH, block->user, block->n[i], 0, block->frame[i], NULL);
}

/* No instruction of the guest runs meanwhile, so that the image is the same in every run. */
static void copy_memory(void)
{
    static char chunk[1 << 20];
    FILE *from = fopen(memory_path, "rb"), *to = fopen(copy_path, "wb");
    size_t got = 0;
    bool ok = from && to;
    while (ok && (got = fread(chunk, 1, sizeof chunk, from)) > 0) ok = fwrite(chunk, 1, got, to) == got;
    if (!ok || ferror(from) || fclose(to) != 0) {
        perror("gmtrace: the guest's memory cannot be copied");
        exit(1);
    }
    fclose(from);
}

static void on_marker(unsigned vcpu, void *data)
{
    int id = (int)(uintptr_t)data;
    bool begins = id == start_marker && !recording.enabled;
    if (begins) recording.enabled = true;
    record_event(vcpu, EV_MARK, id);
    if (begins) record_event(vcpu, EV_CR3, record_current_space(vcpu));
    if (id == stop_marker) {
        recording.enabled = false;
        recording.gated = true;
    }
    if (id == copy_marker) copy_memory();
}

static void on_invalidation(unsigned vcpu, void *event)
{
    record_invalidated(vcpu);
    record_event(vcpu, (int)(uintptr_t)event, 0);
}

static void on_halt(unsigned vcpu, void *data)
{
    (void)data;
    halted[vcpu] = true;
    record_event(vcpu, EV_HLT, 0);
}

static void on_watched(unsigned vcpu, void *which) { record_event(vcpu, EV_WATCH, (uintptr_t)which); }

static void on_return_to_user(unsigned vcpu, void *data)
{
    (void)vcpu, (void)data;
    user_mode_seen = true;
}

/* Before a load of CR3: its value is in a register that can be read, or is read after it. */
static void on_cr3(unsigned vcpu, void *operand)
{
    struct qemu_plugin_register *from = registers[vcpu][(uintptr_t)operand];
    if (!list_registers || !from) {
        loads_cr3[vcpu] = true;
        return;
    }
    bytes_read->len = 0;
    set_size(bytes_read, 0);
    read_register(from, bytes_read);
    record_space(vcpu, value_read());
}

static void count_instruction(struct qemu_plugin_insn *instruction)
{
    qp_u64 counter = { scoreboard, 0 };
    if (scoreboard) inline_of_level_2(instruction, QP_ADD_U64, counter, 1);
    else inline_of_level_1(instruction, QP_ADD_U64, &instructions, 1);
}

static void place_fetch(block_t *block, struct qemu_plugin_insn *instruction, uint64_t va)
{
    int i = va >> 12 != block->va[0] >> 12;
    void *host = qemu_plugin_insn_haddr(instruction);
    if (!block->n[i]) {
        block->va[i] = va;
        uint64_t address = frame_of_host && host ? frame_of_host(host) : UINT64_MAX;
        if (address != UINT64_MAX) block->frame[i] = (uint32_t)(address >> 12);
    }
    block->n[i]++;
}

static void watch_instruction(struct qemu_plugin_insn *instruction, uint64_t va, bool user)
{
    uint8_t bytes[16] = { 0 };
    size_t length = qemu_plugin_insn_size(instruction);
    if (length > 15) length = 15;
    if (bytes_of_level_3) bytes_of_level_3(instruction, bytes, length);
    else memcpy(bytes, bytes_of_level_1(instruction), length);
    unsigned operand = 0;
    qp_vcpu_udata_cb call = NULL;
    uintptr_t data = 0;
    bool reads_registers = false;
    switch (classify(bytes, length, &operand)) {
    case LOAD_CR3: call = on_cr3, data = operand, reads_registers = true; break;
    case LOAD_CR0_OR_CR4: call = on_invalidation, data = EV_CRX; break;
    case INVLPG: call = on_invalidation, data = EV_INVLPG; break;
    case INVPCID: call = on_invalidation, data = EV_INVPCID; break;
    case MARKER: call = on_marker, data = operand; break;
    case HLT: call = user ? NULL : on_halt; break;
    case RETURN_TO_USER: call = va >> 63 ? on_return_to_user : NULL; break;
    case OTHER: break;
    }
    if (call) qemu_plugin_register_vcpu_insn_exec_cb(instruction, call, reads_registers ? QP_R_REGS : QP_NO_REGS, (void *)data);
    for (unsigned w = 0; w < watches; w++)
        if (va == watched[w]) qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_watched, QP_NO_REGS, (void *)(uintptr_t)w);
}

static void on_translation(struct qemu_plugin_tb *tb, void *data)
{
    (void)data;
    uint64_t first = qemu_plugin_tb_vaddr(tb);
    bool user = !(first >> 63) && user_mode_seen;
    block_t *block = NULL;
    if (clock_ns && executed() - last_sync > SYNC_EVERY) sync_clock(0, EV_SYNC);
    if (with_fetches) {
        block = calloc(1, sizeof *block); /* lives as long as the block's code, which is never told to be gone */
        *block = (block_t){ .va = { first }, .frame = { NO_FRAME, NO_FRAME }, .user = user };
        qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QP_NO_REGS, block);
    }
    for (size_t i = 0, n = qemu_plugin_tb_n_insns(tb); i < n; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(tb, i);
        uint64_t va = qemu_plugin_insn_vaddr(instruction);
        if (block) place_fetch(block, instruction, va);
        count_instruction(instruction);
        watch_instruction(instruction, va, user);
        qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QP_NO_REGS, QP_MEM_RW, user ? (void *)1 : NULL);
    }
}

static void on_vcpu(unsigned vcpu, void *data)
{
    (void)data;
    if (vcpu >= MAX_VCPUS) return;
    if (scoreboard)
        for (unsigned i = 0; i <= vcpu; i++) counter_of[i] = find_counter(scoreboard, i);
    if (!list_registers) return;
    static const char *const names[16] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                           "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };
    g_array_pub *all = list_registers();
    unsigned step = element_size(all); /* descriptions have grown with level 5 */
    for (unsigned i = 0; i < all->len; i++) {
        const qp_reg_desc *each = (const qp_reg_desc *)(all->data + (size_t)i * step);
        for (int k = 0; k < 16; k++)
            if (!strcmp(each->name, names[k])) registers[vcpu][k] = each->handle;
    }
}

static void on_vcpu_before_7(qp_id_t id, unsigned vcpu)
{
    (void)id;
    on_vcpu(vcpu, NULL);
}

static void on_translation_before_7(qp_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    on_translation(tb, NULL);
}

/* What was seen, as JSON beside the trace: self-checks hold it against the trace and against the guest. */
static void write_counts(void)
{
    char path[1100];
    snprintf(path, sizeof path, "%s.json", out_path);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        return;
    }
    uint64_t frames = 0;
    for (uint32_t i = 0; i < FRAMES_MAX; i++) frames += frames_seen[i];
    fprintf(file, "{\"api\":%d,\"records\":%lu,\"reads\":%lu,\"writes\":%lu,\"fetches\":%lu,", api_level, counts.records,
            counts.accesses[OP_READ], counts.accesses[OP_WRITE], counts.accesses[OP_FETCH]);
    fprintf(file, "\"user_reads\":%lu,\"user_writes\":%lu,\"user_fetches\":%lu,\"device_records\":%lu,\"unknown_records\":%lu,", counts.user[0],
            counts.user[1], counts.user[2], counts.io, counts.unknown);
    fprintf(file, "\"page_crossings\":%lu,\"data_frames\":%lu,\"cr3_loads\":%lu,\"markers\":%lu,\"invlpg\":%lu,\"invpcid\":%lu,\"hlt\":%lu,\"watch\":%lu}\n",
            counts.crossings, frames, counts.events[EV_CR3], counts.events[EV_MARK], counts.events[EV_INVLPG], counts.events[EV_INVPCID],
            counts.events[EV_HLT], counts.events[EV_WATCH]);
    fclose(file);
}

/* Called with one argument by level 7, with two before: it takes none. */
static void at_end(void)
{
    uint64_t ns = clock_ns ? (uint64_t)clock_ns(VIRTUAL_CLOCK) : executed();
    if (recording.enabled) record_event(0, EV_SYNC, ns);
    recording.enabled = false;
    record_close();
    write_counts();
}

static bool take_argument(const char *name, const char *value)
{
    bool on = !strcmp(value, "on") || !strcmp(value, "true") || !strcmp(value, "1") || !strcmp(value, "yes");
    if (!strcmp(name, "out")) snprintf(out_path, sizeof out_path, "%s", value);
    else if (!strcmp(name, "slots")) recording.slots = strtoul(value, 0, 0);
    else if (!strcmp(name, "window")) recording.window = strtoull(value, 0, 0);
    else if (!strcmp(name, "vwindow")) recording.vwindow = strtoull(value, 0, 0);
    else if (!strcmp(name, "fetch")) with_fetches = on;
    else if (!strcmp(name, "internals")) with_internals = on;
    else if (!strcmp(name, "start")) start_marker = atoi(value);
    else if (!strcmp(name, "stop")) stop_marker = atoi(value);
    else if (!strcmp(name, "memory")) snprintf(memory_path, sizeof memory_path, "%s", value);
    else if (!strcmp(name, "copy")) snprintf(copy_path, sizeof copy_path, "%s", value);
    else if (!strcmp(name, "copy_at")) copy_marker = atoi(value);
    else if (!strcmp(name, "max")) recording.max_accesses = strtoull(value, 0, 0);
    else if (!strcmp(name, "ram")) recording.ram_bytes = strtoull(value, 0, 0);
    else if (!strcmp(name, "watch") && watches < MAX_WATCHED) watched[watches++] = strtoull(value, 0, 0);
    else return false;
    return true;
}

static void find_symbols(int level)
{
    f_ba_new new_bytes = (f_ba_new)dlsym(RTLD_DEFAULT, "g_byte_array_new");
    set_size = (f_ba_set_size)dlsym(RTLD_DEFAULT, "g_byte_array_set_size");
    if (new_bytes) bytes_read = new_bytes();
    if (with_internals) {
        clock_ns = (int64_t(*)(int))dlsym(RTLD_DEFAULT, "qemu_clock_get_ns");
        frame_of_host = (uint64_t(*)(void *))dlsym(RTLD_DEFAULT, "qemu_ram_addr_from_host");
        cpu_of = (void *(*)(int))dlsym(RTLD_DEFAULT, "qemu_get_cpu");
        gdb_register = (int (*)(void *, g_bytearray_pub *, int))dlsym(RTLD_DEFAULT, "x86_cpu_gdb_read_register");
    }
    if (level >= 2) {
        scoreboard = ((f_sb_new)dlsym(RTLD_DEFAULT, "qemu_plugin_scoreboard_new"))(sizeof(uint64_t));
        find_counter = (f_sb_find)dlsym(RTLD_DEFAULT, "qemu_plugin_scoreboard_find");
        inline_of_level_2 = (f_insn_inline2)dlsym(RTLD_DEFAULT, "qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu");
        read_register = (f_read_reg)dlsym(RTLD_DEFAULT, "qemu_plugin_read_register");
        element_size = (f_element_size)dlsym(RTLD_DEFAULT, "g_array_get_element_size");
        if (read_register && element_size && bytes_read && set_size) list_registers = (f_get_regs)dlsym(RTLD_DEFAULT, "qemu_plugin_get_registers");
    } else inline_of_level_1 = (f_insn_inline1)dlsym(RTLD_DEFAULT, "qemu_plugin_register_vcpu_insn_exec_inline");
    if (level >= 3) bytes_of_level_3 = (f_insn_data3)dlsym(RTLD_DEFAULT, "qemu_plugin_insn_data");
    else bytes_of_level_1 = (f_insn_data1)dlsym(RTLD_DEFAULT, "qemu_plugin_insn_data");
}

int qemu_plugin_install(qp_id_t id, const qp_info_t *info, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value) *value++ = 0;
        if (value && take_argument(argv[i], value)) continue;
        fprintf(stderr, "gmtrace: %s: is no argument (expected NAME=VALUE as in tools/capture/plugin/gmtrace.c)\n", argv[i]);
        return -1;
    }
    if (!recording.slots || recording.slots & (recording.slots - 1)) {
        fprintf(stderr, "gmtrace: slots: %u is no power of two\n", recording.slots);
        return -1;
    }
    if (strcmp(info->target_name, "x86_64")) {
        fprintf(stderr, "gmtrace: %s: only x86_64 guests can be captured\n", info->target_name);
        return -1;
    }
    recording.vcpus = info->system_emulation ? info->system.max_vcpus : 1;
    if (recording.vcpus > MAX_VCPUS) {
        fprintf(stderr, "gmtrace: %u vCPUs, and %d is the most\n", recording.vcpus, MAX_VCPUS);
        return -1;
    }
    if (recording.window == 0) recording.window = UINT64_MAX;
    if (start_marker >= 0) recording.enabled = false;
    recording.gated = start_marker >= 0 || stop_marker >= 0;
    frames_seen = calloc(FRAMES_MAX, 1);
    record_now = executed;
    api_level = info->version.cur;
    find_symbols(api_level);
    uint32_t flags = (with_fetches ? HAS_FETCHES : 0) | (clock_ns ? HAS_VIRTUAL_CLOCK : 0) |
                     (list_registers || gdb_register ? HAS_CR3 : 0) | (frame_of_host ? HAS_FETCH_FRAMES : 0);
    if (!frames_seen || !record_open(out_path, api_level, flags)) return -1;
    bool of_level_7 = qemu_plugin_version >= 7;
    qemu_plugin_register_vcpu_init_cb(id, of_level_7 ? (void *)on_vcpu : (void *)on_vcpu_before_7, NULL);
    qemu_plugin_register_vcpu_tb_trans_cb(id, of_level_7 ? (void *)on_translation : (void *)on_translation_before_7, NULL);
    qemu_plugin_register_atexit_cb(id, (void *)at_end, NULL);
    return 0;
}
