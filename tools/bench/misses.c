/*
 * What `pnpm bench` compares the counting of misses with: the same layouts in plain C (lru-, fifo- and clock-misses.ts of packages/replay/src/curve), counting
 * the same.
 *
 *   cc -O2 -o misses misses.c && ./misses PPNS.u32 lru|fifo|clock PAGE_COUNT CAPACITY
 *
 * PPNS.u32: per access the page number, u32 of this machine's byte order, below PAGE_COUNT. Prints one JSON object: CPU seconds, peak
 * memory and the misses.
 */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
  BLOCK = 65536, /* accesses read at once */
  NUMBERS_PER_PAGE = 4,
  NUMBERS_PER_HELD = 8,
  NUMBERS_MIN = 65536,
};
enum { RESIDENT = 1, REFERENCED = 2 };

static uint32_t block[BLOCK];

static void *zeroed(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) {
    fputs("misses: out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static size_t next_block(FILE *file) { return fread(block, sizeof *block, BLOCK, file); }

static uint64_t fifo(FILE *file, uint32_t page_count, uint32_t capacity) {
  uint8_t *is_resident = zeroed(page_count, 1);
  uint32_t *ring = zeroed(capacity, sizeof *ring);
  uint32_t used = 0, hand = 0;
  uint64_t misses = 0;
  for (size_t length; (length = next_block(file)) > 0;)
    for (size_t i = 0; i < length; i++) {
      uint32_t page = block[i];
      if (is_resident[page]) continue;
      misses++;
      is_resident[page] = 1;
      if (used < capacity) {
        ring[used++] = page;
        continue;
      }
      is_resident[ring[hand]] = 0;
      ring[hand] = page;
      if (++hand == capacity) hand = 0;
    }
  return misses;
}

static uint64_t clock_(FILE *file, uint32_t page_count, uint32_t capacity) {
  uint8_t *state = zeroed(page_count, 1);
  uint32_t *ring = zeroed(capacity, sizeof *ring);
  uint32_t used = 0, hand = 0;
  uint64_t misses = 0;
  for (size_t length; (length = next_block(file)) > 0;)
    for (size_t i = 0; i < length; i++) {
      uint32_t page = block[i];
      if (state[page]) {
        if (state[page] == RESIDENT) state[page] = REFERENCED;
        continue;
      }
      misses++;
      state[page] = RESIDENT;
      if (used < capacity) {
        ring[used++] = page;
        continue;
      }
      while (state[ring[hand]] == REFERENCED) {
        state[ring[hand]] = RESIDENT;
        if (++hand == capacity) hand = 0;
      }
      state[ring[hand]] = 0;
      ring[hand] = page;
      if (++hand == capacity) hand = 0;
    }
  return misses;
}

/* Numbers the latest accesses of the pages in memory anew, from 1, in order; all other pages have none. */
static void renumber(uint32_t *last_of, uint32_t page_count, uint64_t *bits, uint32_t *before, uint32_t tail, uint32_t head) {
  uint32_t sum = 0;
  bits[tail >> 6] &= UINT64_MAX << (tail & 63);
  for (uint32_t word = tail >> 6; word << 6 < head; word++) {
    before[word] = sum;
    sum += (uint32_t)__builtin_popcountll(bits[word]);
  }
  for (uint32_t page = 0; page < page_count; page++) {
    uint32_t last = last_of[page];
    uint64_t lower = bits[last >> 6] & ((UINT64_C(1) << (last & 63)) - 1);
    last_of[page] = last < tail ? 0 : 1 + before[last >> 6] + (uint32_t)__builtin_popcountll(lower);
  }
}

static uint64_t lru(FILE *file, uint32_t page_count, uint32_t capacity) {
  uint32_t numbers = NUMBERS_PER_PAGE * page_count;
  if (numbers < NUMBERS_PER_HELD * capacity) numbers = NUMBERS_PER_HELD * capacity;
  if (numbers < NUMBERS_MIN) numbers = NUMBERS_MIN;
  uint32_t words = (numbers >> 6) + 1;
  uint32_t *last_of = zeroed(page_count, sizeof *last_of);
  uint64_t *bits = zeroed(words, sizeof *bits);
  uint32_t *before = zeroed(words, sizeof *before);
  uint32_t tail = 1, head = 1, used = 0;
  uint64_t misses = 0;
  memset(bits, 0xff, words * sizeof *bits);
  for (size_t length; (length = next_block(file)) > 0;)
    for (size_t i = 0; i < length; i++) {
      if (head == numbers) {
        renumber(last_of, page_count, bits, before, tail, head);
        memset(bits, 0xff, words * sizeof *bits);
        tail = 1;
        head = used + 1;
      }
      uint32_t page = block[i];
      uint32_t last = last_of[page];
      last_of[page] = head++;
      bits[last >> 6] &= ~(UINT64_C(1) << (last & 63));
      if (last >= tail) continue;
      misses++;
      if (used < capacity) {
        used++;
        continue;
      }
      uint32_t word = tail >> 6;
      uint64_t set = bits[word] & (UINT64_MAX << (tail & 63));
      while (set == 0) set = bits[++word];
      tail = (word << 6) + (uint32_t)__builtin_ctzll(set) + 1;
    }
  return misses;
}

int main(int argc, char **argv) {
  FILE *file = argc == 5 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) {
    fputs("usage: misses PPNS.u32 lru|fifo|clock PAGE_COUNT CAPACITY\n", stderr);
    return 2;
  }
  uint32_t page_count = (uint32_t)strtoul(argv[3], NULL, 10);
  uint32_t capacity = (uint32_t)strtoul(argv[4], NULL, 10);
  uint64_t misses = strcmp(argv[2], "lru") == 0    ? lru(file, page_count, capacity)
                    : strcmp(argv[2], "fifo") == 0 ? fifo(file, page_count, capacity)
                                                   : clock_(file, page_count, capacity);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("{\"cpuS\":%f,\"peakMb\":%f,\"proof\":%llu}\n", cpu, (double)usage.ru_maxrss / 1024, (unsigned long long)misses);
  return 0;
}
