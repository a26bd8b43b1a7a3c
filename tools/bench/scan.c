/*
 * What `pnpm bench` compares the reading of CSV with: the same columns of the same file, scanned in plain C into typed arrays and
 * thrown away. Nothing is hashed, numbered, checked for order or written: a ceiling.
 *
 *   cc -O2 -o scan scan.c && ./scan FILE.csv
 *
 * FILE.csv has the columns time_ns,vm,vcpu,gva,gpa,op,count without quotes. Prints one JSON object: CPU seconds, peak memory and rows.
 */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { BLOCK = 1 << 18, ROWS = 1 << 14, NAME = 64 };

static char text[BLOCK + 1];
static uint64_t time_ns[ROWS], gva[ROWS], gpa[ROWS];
static uint32_t count[ROWS];
static uint16_t vm[ROWS];
static uint8_t vcpu[ROWS], op[ROWS];
static char last_vm[NAME];
static size_t last_vm_length;
static uint16_t vms;

static const char *bad(const char *at) {
  fprintf(stderr, "scan: cannot read a row at \"%.40s\"\n", at);
  exit(1);
}

/* A number up to `end`; steps over it. */
static const char *decimal(const char *p, char end, uint64_t *out) {
  uint64_t value = 0;
  for (; *p != end; p++) {
    unsigned digit = (unsigned char)*p - '0';
    if (digit > 9) bad(p);
    value = value * 10 + digit;
  }
  *out = value;
  return p + 1;
}

static const char *hexadecimal(const char *p, char end, uint64_t *out) {
  uint64_t value = 0;
  if (p[0] == '0' && p[1] == 'x') p += 2;
  for (; *p != end; p++) {
    unsigned digit = (unsigned char)*p - '0';
    if (digit > 9) {
      digit = (unsigned)((*p | 32) - 'a') + 10;
      if (digit < 10 || digit > 15) bad(p);
    }
    value = value << 4 | digit;
  }
  *out = value;
  return p + 1;
}

/* The number of a VM: a new one where its name is not that of the row before. */
static const char *name(const char *p, uint16_t *out) {
  const char *end = strchr(p, ',');
  if (end == NULL || end - p > NAME) bad(p);
  size_t length = (size_t)(end - p);
  if (length != last_vm_length || memcmp(p, last_vm, length) != 0) {
    memcpy(last_vm, p, length);
    last_vm_length = length;
    vms++;
  }
  *out = vms;
  return end + 1;
}

static const char *row(const char *p, size_t at) {
  uint64_t value;
  p = decimal(p, ',', &time_ns[at]);
  p = name(p, &vm[at]);
  p = decimal(p, ',', &value);
  vcpu[at] = (uint8_t)value;
  p = hexadecimal(p, ',', &gva[at]);
  p = hexadecimal(p, ',', &gpa[at]);
  op[at] = *p == 'R' ? 0 : *p == 'W' ? 1 : *p == 'X' ? 2 : (bad(p), 0);
  if (p[1] != ',') bad(p);
  p = decimal(p + 2, '\n', &value);
  count[at] = (uint32_t)value;
  return p;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: scan FILE.csv\n", stderr);
    return 2;
  }
  FILE *file = fopen(argv[1], "rb");
  if (file == NULL) {
    perror(argv[1]);
    return 1;
  }
  size_t held = 0, rows = 0, at = 0;
  int is_header = 1;
  for (;;) {
    size_t got = fread(text + held, 1, BLOCK - held, file);
    size_t length = held + got;
    if (got == 0) break;
    text[length] = '\0';
    const char *end = text + length;
    while (end > text && end[-1] != '\n') end--;
    for (const char *p = text; p < end; rows++) {
      if (is_header) {
        p = strchr(p, '\n') + 1;
        is_header = 0;
        if (p >= end) break;
      }
      p = row(p, at);
      at = (at + 1) % ROWS;
    }
    held = (size_t)(text + length - end);
    memmove(text, end, held);
  }
  fclose(file);
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double seconds = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  printf("{\"cpuS\":%f,\"peakMb\":%f,\"proof\":%zu}\n", seconds, (double)used.ru_maxrss / 1024, rows);
  return 0;
}
