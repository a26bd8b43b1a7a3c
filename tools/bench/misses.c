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
  LOG_PER_PAGE = 8,
  LOG_MIN = 65536,
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

static uint64_t lru(FILE *file, uint32_t page_count, uint32_t capacity) {
  uint32_t log_length = LOG_PER_PAGE * capacity > LOG_MIN ? LOG_PER_PAGE * capacity : LOG_MIN;
  uint32_t words = (log_length >> 5) + 1;
  uint32_t *last_of = zeroed(page_count, sizeof *last_of);
  uint32_t *log = zeroed(log_length, sizeof *log);
  uint32_t *bits = zeroed(words, sizeof *bits);
  uint32_t tail = 1, head = 1, used = 0;
  uint64_t misses = 0;
  memset(bits, 0xff, words * sizeof *bits);
  for (size_t length; (length = next_block(file)) > 0;)
    for (size_t i = 0; i < length; i++) {
      if (head == log_length) {
        uint32_t kept = 1;
        for (uint32_t at = tail; at < head; at++) {
          if (!(bits[at >> 5] & (1u << (at & 31)))) continue;
          log[kept] = log[at];
          last_of[log[at]] = kept++;
        }
        memset(bits, 0xff, words * sizeof *bits);
        tail = 1;
        head = kept;
      }
      uint32_t page = block[i];
      uint32_t last = last_of[page];
      last_of[page] = head;
      log[head++] = page;
      if (last != 0) {
        bits[last >> 5] &= ~(1u << (last & 31));
        continue;
      }
      misses++;
      if (used < capacity) {
        used++;
        continue;
      }
      uint32_t word = tail >> 5;
      uint32_t set = bits[word] & (UINT32_MAX << (tail & 31));
      while (set == 0) set = bits[++word];
      tail = (word << 5) + (uint32_t)__builtin_ctz(set);
      last_of[log[tail++]] = 0;
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
