/*
 * What `pnpm bench` compares nested translation with: the same TLBs, walk caches and nested TLB in plain C, counting the same.
 * Core: Skylake (packages/replay/src/cores/skylake.ts); 4 KB pages and four levels in both dimensions; one vCPU, one address space.
 *
 *   cc -O2 -o nested nested.c && ./nested ACCESSES.u32 CONFIGURED_PAGES
 *
 * ACCESSES.u32: per access the VPN and the PPN, both u32 of this machine's byte order. Pages of the guest's tables get PPNs from
 * CONFIGURED_PAGES on, in order of first sight. Prints one JSON object: CPU seconds, peak memory and the counters.
 */
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
  LEVELS = 4,
  LEVEL_BITS = 9,
  REFERENCES_MAX = (LEVELS + 1) * (LEVELS + 1),
  BLOCK = 65536, /* accesses read at once */
};

/* Sets and ways of each array. */
enum {
  L1_SETS = 16, L1_WAYS = 4,
  L2_SETS = 128, L2_WAYS = 12,
  PDE_SETS = 8, PDE_WAYS = 4,
  PDPTE_WAYS = 4,
  PML4E_WAYS = 2,
  NESTED_WAYS = 16,
  LIKES = 512,
};

/* An empty way: no page number is as large. */
#define NO_KEY UINT32_MAX

/* The ways of a set stand in order of use, most recent first: true LRU. */
typedef struct {
  uint32_t pde[PDE_SETS][PDE_WAYS]; /* addresses of tables of level 1 */
  uint32_t pdpte[PDPTE_WAYS];       /* of level 2 */
  uint32_t pml4e[PML4E_WAYS];       /* of level 3 */
} walk_caches;

static uint32_t l1[L1_SETS][L1_WAYS];
static uint32_t l2[L2_SETS][L2_WAYS];
static uint32_t nested_tlb[NESTED_WAYS];
/* How many keys of the nested TLB have these low bits: most misses need no search. */
static uint8_t likes[LIKES];
static walk_caches guest_caches, host_caches;

/* Level and prefix of the page number -> PPN of the guest's table; 0 where it was not seen. The root has no prefix. */
static uint32_t *guest_table[LEVELS];
static uint32_t guest_root;
static uint32_t next_table_ppn;

/* A bit per PPN that the nested tables translate, and per table of theirs at each level. */
static uint32_t *host_present;
static uint32_t *host_table[LEVELS + 1];

static uint64_t l1_hits, l2_hits, misses, host_references, ept_violations, host_tables;
static uint64_t walks[REFERENCES_MAX + 1];

/* Whether the key is in the set; it becomes the most recent. */
static inline bool find(uint32_t *set, unsigned ways, uint32_t key)
{
  if (set[0] == key) return true;
  for (unsigned at = 1; at < ways; at++) {
    if (set[at] == key) {
      for (; at > 0; at--) set[at] = set[at - 1];
      set[0] = key;
      return true;
    }
  }
  return false;
}

/* Puts in a key that is not there, as the most recent; the least recent goes. */
static inline void insert(uint32_t *set, unsigned ways, uint32_t key)
{
  for (unsigned at = ways - 1; at > 0; at--) set[at] = set[at - 1];
  set[0] = key;
}

static inline bool has_bit(const uint32_t *bits, uint32_t at) { return bits[at >> 5] >> (at & 31) & 1; }
static inline void set_bit(uint32_t *bits, uint32_t at) { bits[at >> 5] |= UINT32_C(1) << (at & 31); }

/* The hypervisor's answer to an EPT violation. */
static void fill_host(uint32_t ppn)
{
  ept_violations++;
  set_bit(host_present, ppn);
  for (int level = 1; level <= LEVELS; level++) {
    const uint32_t prefix = level * LEVEL_BITS > 31 ? 0 : ppn >> (level * LEVEL_BITS);
    if (has_bit(host_table[level], prefix)) continue;
    set_bit(host_table[level], prefix);
    host_tables++;
  }
}

/* Finds the deepest table on the path to a page whose address is cached and fills the caches below it. Returns its level; LEVELS at the root. */
static inline int start_of_walk(walk_caches *caches, uint32_t page_number)
{
  const uint32_t pt = page_number >> LEVEL_BITS;
  const uint32_t pd = page_number >> 2 * LEVEL_BITS;
  const uint32_t pdpt = page_number >> 3 * LEVEL_BITS;
  uint32_t *const pde = caches->pde[pt % PDE_SETS];
  int level = 1;
  if (find(pde, PDE_WAYS, pt)) return level;
  level = 2;
  if (!find(caches->pdpte, PDPTE_WAYS, pd)) {
    level = 3;
    if (!find(caches->pml4e, PML4E_WAYS, pdpt)) {
      level = 4;
      insert(caches->pml4e, PML4E_WAYS, pdpt);
    }
    insert(caches->pdpte, PDPTE_WAYS, pd);
  }
  insert(pde, PDE_WAYS, pt);
  return level;
}

/* Finds the frame of a PPN; returns the references to the host's tables. */
static inline unsigned nested_walk(uint32_t ppn)
{
  if (likes[ppn % LIKES] > 0 && find(nested_tlb, NESTED_WAYS, ppn)) return 0;
  if (!has_bit(host_present, ppn)) fill_host(ppn);
  likes[nested_tlb[NESTED_WAYS - 1] % LIKES]--;
  likes[ppn % LIKES]++;
  insert(nested_tlb, NESTED_WAYS, ppn);
  return start_of_walk(&host_caches, ppn);
}

/* The tables on the path to a page that was not seen before, top down. */
static void make_guest_tables(uint32_t vpn)
{
  for (int level = LEVELS - 1; level > 0; level--) {
    uint32_t *const ppn = &guest_table[level][vpn >> level * LEVEL_BITS];
    if (*ppn == 0) *ppn = next_table_ppn++;
  }
}

/* Walks the guest's tables to the page and the host's to its frame. */
static void walk(uint32_t vpn, uint32_t ppn)
{
  if (guest_table[1][vpn >> LEVEL_BITS] == 0) make_guest_tables(vpn);
  int level = start_of_walk(&guest_caches, vpn);
  const unsigned own = level;
  unsigned host = level == LEVELS ? nested_walk(guest_root) : 0;
  for (level--; level > 0; level--) host += nested_walk(guest_table[level][vpn >> level * LEVEL_BITS]);
  host += nested_walk(ppn);
  host_references += host;
  walks[own + host]++;
}

static inline void translate(uint32_t vpn, uint32_t ppn)
{
  uint32_t *const first = l1[vpn % L1_SETS];
  if (find(first, L1_WAYS, vpn)) {
    l1_hits++;
    return;
  }
  uint32_t *const second = l2[vpn % L2_SETS];
  if (find(second, L2_WAYS, vpn)) l2_hits++;
  else {
    misses++;
    walk(vpn, ppn);
    insert(second, L2_WAYS, vpn);
  }
  insert(first, L1_WAYS, vpn);
}

static void *zeroed(size_t words)
{
  void *const memory = calloc(words, sizeof(uint32_t));
  if (memory == NULL) exit(1);
  return memory;
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static void print_counter(const char *name, uint64_t value)
{
  static const char *comma = "";
  if (value == 0) return;
  printf("%s\"%s %llu\"", comma, name, (unsigned long long)value);
  comma = ",";
}

static void print_counters(uint64_t accesses)
{
  print_counter("tlb accesses", accesses);
  print_counter("tlb L1 hits 4k", l1_hits);
  print_counter("tlb L2 hits 4k", l2_hits);
  print_counter("tlb misses 4k", misses);
  print_counter("walks all", misses);
  uint64_t references = 0;
  for (unsigned n = 0; n <= REFERENCES_MAX; n++) {
    char name[32];
    snprintf(name, sizeof name, "walks %u references", n);
    print_counter(name, walks[n]);
    references += n * walks[n];
  }
  print_counter("references all", references);
  print_counter("references host tables", host_references);
  print_counter("exits ept violation", ept_violations);
  print_counter("hypervisor table pages at the end", host_tables);
  print_counter("hypervisor table pages at most", host_tables);
}

int main(int argc, char **argv)
{
  if (argc != 3) {
    fprintf(stderr, "usage: nested ACCESSES.u32 CONFIGURED_PAGES\n");
    return 2;
  }
  FILE *const file = fopen(argv[1], "rb");
  if (file == NULL) {
    perror(argv[1]);
    return 1;
  }
  memset(l1, 0xff, sizeof l1);
  memset(l2, 0xff, sizeof l2);
  memset(nested_tlb, 0xff, sizeof nested_tlb);
  likes[NO_KEY % LIKES] = NESTED_WAYS;
  memset(&guest_caches, 0xff, sizeof guest_caches);
  memset(&host_caches, 0xff, sizeof host_caches);
  for (int level = 1; level < LEVELS; level++) guest_table[level] = zeroed(UINT32_C(1) << (32 - level * LEVEL_BITS));
  host_present = zeroed(UINT32_C(1) << 27);
  for (int level = 1; level <= LEVELS; level++) host_table[level] = zeroed(UINT32_C(1) << 18);
  guest_root = strtoul(argv[2], NULL, 10);
  next_table_ppn = guest_root + 1;

  static uint32_t block[BLOCK][2];
  uint64_t accesses = 0;
  for (size_t n; (n = fread(block, sizeof *block, BLOCK, file)) > 0; accesses += n) {
    for (size_t i = 0; i < n; i++) translate(block[i][0], block[i][1]);
  }
  fclose(file);

  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"cpuS\":%.6f,\"peakMb\":%.1f,\"proof\":[", seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss / 1024.0);
  print_counters(accesses);
  printf("]}\n");
  return 0;
}
