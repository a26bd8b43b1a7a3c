/**
 * The address space a CR3 value stands for: bits 12 … 51, the page table's own page. The PCID below and the no-flush bit
 * above say nothing about which tables are used (Intel SDM vol. 3A, "Control Registers").
 */
export const spaceOfCr3 = (hi: number, lo: number): number => (hi & 0xf_ffff) * 2 ** 32 + ((lo & 0xffff_f000) >>> 0);
