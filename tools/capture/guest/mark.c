/* SPDX-License-Identifier: CC0-1.0
 * mark N: executes the marker N, 0 to 99. Without libc, so that it touches next to nothing.
 * A marker is `nopl 0x4d4b0000+N(%rax)`, which does nothing on any processor and is seen by the capture plugin. */
#define CASE(n) case n: __asm__ volatile(".byte 0x0f,0x1f,0x80; .long 0x4d4b0000+" #n ::: "memory"); break;
#define TEN(d) CASE(d##0) CASE(d##1) CASE(d##2) CASE(d##3) CASE(d##4) CASE(d##5) CASE(d##6) CASE(d##7) CASE(d##8) CASE(d##9)

static void mark(int id)
{
    switch (id) {
        TEN() TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9)
    }
}

__attribute__((noreturn, used)) void begin(const long *stack)
{
    int id = 0;
    const char *const *argv = (const char *const *)(stack + 1);
    if (stack[0] > 1)
        for (const char *p = argv[1]; *p; p++) id = id * 10 + *p - '0';
    mark(id);
    __asm__ volatile("syscall" ::"a"(60), "D"(0) : "rcx", "r11", "memory");
    __builtin_unreachable();
}
__asm__(".globl _start\n_start: mov %rsp,%rdi\n and $-16,%rsp\n call begin\n");
