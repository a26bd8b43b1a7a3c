/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSTRUCTION_H
#define INSTRUCTION_H
#include <stddef.h>
#include <stdint.h>

/* Instructions that a capture must know about, besides their accesses. */
enum instruction { OTHER, LOAD_CR3, LOAD_CR0_OR_CR4, INVLPG, INVPCID, HLT, MARKER, RETURN_TO_USER };

/* `operand`: the register that CR3 is loaded from, or the marker's number. Code is taken for 64-bit code. */
enum instruction classify(const uint8_t *bytes, size_t length, unsigned *operand);

#endif
