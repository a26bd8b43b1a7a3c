/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "instruction.h"
#include <stdbool.h>
#include <string.h>

static bool is_prefix(uint8_t byte)
{
    return memchr("\x66\xf2\xf3\xf0\x2e\x3e\x26\x36\x64\x65\x67", byte, 11) != NULL;
}

/* Opcodes: Intel SDM vol. 2. A marker is `nopl 0x4d4b0000+ID(%rax)`, 0f 1f 80 and 32 bits. */
enum instruction classify(const uint8_t *bytes, size_t length, unsigned *operand)
{
    uint8_t b[24] = { 0 };
    memcpy(b, bytes, length > 15 ? 15 : length);
    size_t p = 0;
    bool has_66 = false;
    for (; p < length && p < 15 && is_prefix(b[p]); p++) has_66 |= b[p] == 0x66;
    uint8_t rex = (b[p] & 0xf0) == 0x40 ? b[p++] : 0;
    if (b[p] == 0xf4) return HLT;
    if (b[p] == 0xcf) return RETURN_TO_USER; /* iret */
    if (b[p] != 0x0f) return OTHER;
    uint8_t opcode = b[p + 1], modrm = b[p + 2];
    unsigned field = modrm >> 3 & 7;
    switch (opcode) {
    case 0x22: /* mov to a control register */
        if (rex & 4) return OTHER;
        *operand = (modrm & 7) | (rex & 1 ? 8 : 0);
        return field == 3 ? LOAD_CR3 : field == 0 || field == 4 ? LOAD_CR0_OR_CR4 : OTHER;
    case 0x01: return modrm >> 6 != 3 && field == 7 ? INVLPG : OTHER;
    case 0x38: return modrm == 0x82 && has_66 ? INVPCID : OTHER;
    case 0x1f:
        if (modrm != 0x80 || b[p + 5] != 0x4b || b[p + 6] != 0x4d) return OTHER;
        *operand = b[p + 3] | b[p + 4] << 8;
        return MARKER;
    case 0x07: return RETURN_TO_USER; /* sysret */
    default: return OTHER;
    }
}
