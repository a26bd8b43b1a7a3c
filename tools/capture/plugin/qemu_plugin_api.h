/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The few entry points of QEMU's TCG plugin interface that the plugin needs, written out as prototypes: Debian ships no
 * qemu-plugin.h in a binary package, and no QEMU source is needed so. Levels 1 (QEMU 6.2 to 8.x), 2 to 4 (9.0 to 10.0)
 * and later ones to 7 (11.1); what differs between them is looked up with dlsym(). As documented in QEMU, docs/devel/tcg-plugins.
 */
#ifndef QEMU_PLUGIN_API_H
#define QEMU_PLUGIN_API_H
#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

typedef uint64_t qp_id_t;
typedef uint32_t qp_meminfo_t;
struct qemu_plugin_tb; struct qemu_plugin_insn; struct qemu_plugin_hwaddr;
struct qemu_plugin_scoreboard; struct qemu_plugin_register;
typedef struct { struct qemu_plugin_scoreboard *score; size_t offset; } qp_u64;

typedef struct {
    const char *target_name;
    struct { int min, cur; } version;
    bool system_emulation;
    union { struct { int smp_vcpus, max_vcpus; } system; };
} qp_info_t;

enum { QP_NO_REGS = 0, QP_R_REGS = 1, QP_RW_REGS = 2 };
enum { QP_MEM_R = 1, QP_MEM_W = 2, QP_MEM_RW = 3 };
enum { QP_ADD_U64 = 0 };

typedef void (*qp_vcpu_udata_cb)(unsigned, void *);
typedef void (*qp_mem_cb)(unsigned, qp_meminfo_t, uint64_t, void *);

/*
 * Callbacks by level: vcpu_init (id, vcpu), with 7 (vcpu, data); tb_trans (id, tb), with 7 (tb, data); atexit (id, data), with 7 (data).
 * Before 7 the first two are registered without the data: the third argument then lies in a register that nobody reads.
 */
void qemu_plugin_register_vcpu_init_cb(qp_id_t, void *, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(qp_id_t, void *, void *data);
void qemu_plugin_register_atexit_cb(qp_id_t, void *, void *data);
/* identical in API levels 1..7 */
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, qp_vcpu_udata_cb, int flags, void *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, qp_vcpu_udata_cb, int flags, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, qp_mem_cb, int flags, int rw, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *);
bool qemu_plugin_mem_is_store(qp_meminfo_t);
unsigned qemu_plugin_mem_size_shift(qp_meminfo_t);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qp_meminfo_t, uint64_t);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *);
void qemu_plugin_outs(const char *);

/* level 1 only */
typedef void (*f_insn_inline1)(struct qemu_plugin_insn *, int op, void *ptr, uint64_t imm);
typedef const void *(*f_insn_data1)(const struct qemu_plugin_insn *);
/* level >= 2 */
typedef void (*f_insn_inline2)(struct qemu_plugin_insn *, int op, qp_u64 entry, uint64_t imm);
typedef struct qemu_plugin_scoreboard *(*f_sb_new)(size_t);
typedef void *(*f_sb_find)(struct qemu_plugin_scoreboard *, unsigned);
/* level >= 3: copies instead of returning a pointer */
typedef size_t (*f_insn_data3)(const struct qemu_plugin_insn *, void *, size_t);
/* level >= 2 register access; GArray/GByteArray public layouts (glib ABI) */
typedef struct { char *data; unsigned len; } g_array_pub;
typedef struct { uint8_t *data; unsigned len; } g_bytearray_pub;
typedef struct { struct qemu_plugin_register *handle; const char *name; } qp_reg_desc; /* and more, by level */
typedef g_array_pub *(*f_get_regs)(void);
typedef unsigned (*f_element_size)(g_array_pub *);
typedef int (*f_read_reg)(struct qemu_plugin_register *, g_bytearray_pub *);
typedef g_bytearray_pub *(*f_ba_new)(void);
typedef g_bytearray_pub *(*f_ba_set_size)(g_bytearray_pub *, unsigned);
#endif
