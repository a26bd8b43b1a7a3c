// Where translate-rows.ts and its parts find things. src/translation/kernel.ts, hardware.ts, machine-layout.ts and units.ts lay them out.
// All numbers are 32 bits wide unless said otherwise.

// What hardware.ts says of a vCPU.
export const MACHINE: usize = 0; // pointer
export const L1: usize = 4; // caches by page size; 0 where there is none. Three for data, behind them three for fetches
export const L2: usize = 28; // the same, for both
export const PAGING: usize = 40; // caches of tables by level, 0 to 5
export const HOST_PAGING: usize = 64;
export const NESTED_TLB: usize = 88; // cache
export const PDES: usize = 92; // cache of the tables of level 1, where those are kept among the TLB entries; else 0
export const PDE_KEYS: usize = 96; // key of table 0 there
export const APART: usize = 100; // 1 where no paging cache keeps tables of several levels: the order in which a walk fills them is all one
export const HOST_REFERENCES: usize = 104; // of the last walk, those to the host's tables
export const PLAIN: usize = 108; // 1 where an entry's number is the key of its TLB entry and picks its set, and all are of one size

// What is the same for all vCPUs of a machine: one VM in one mode on one core.
export const NODES: usize = 0; // pointer, see below
export const LEVELS: usize = 4; // of the guest's tables
export const HOST_LEVELS: usize = 8;
export const HOST_LEAF: usize = 12; // level of the host's tables that holds leaf entries
export const HOST_SHIFT: usize = 16; // PPN bits inside a host page
export const PRESENT: usize = 20; // pointer: a bit per host page that the host's tables translate
export const FIRST_TABLE: usize = 24; // by level, 0 to 5: number of the host's first table
export const RECORDS: usize = 48; // pointer: two numbers per page, as in units.ts
export const COUNTERS: usize = 52; // pointer: f64, as in counters.ts
export const ID: usize = 56; // what hold() is told
export const HELD: usize = 60; // pointer: a byte per table of the host's, 1 where it is held
export const TABLE_OF: usize = 64; // pointer: by node, the node that its table is numbered by

// Of a table: its parent, low bits of what it is looked up by, the PPN of its page, its level.
export const NODE_BITS: usize = 4;
export const INDEX: usize = 4;
export const TABLE_PPN: usize = 8;
export const LEVEL: usize = 12;

// Of a page's record: the PPN that it was last seen with, and its entry: the node of the table, and the place in that.
export const RECORD_BITS: usize = 3;
export const ENTRY: usize = 4;

// Counters, in bytes.
export const ACCESSES: usize = 0;
export const HOST_REFERENCES_ALL: usize = 8;
export const L1_HITS: usize = 16;
export const L2_HITS: usize = 40;
export const MISSES: usize = 64;
export const WALKS: usize = 88;
export const EPT_VIOLATIONS: usize = 416;

export const LEVEL_BITS: u32 = 9;
export const FETCH: u32 = 2;

/** Nodes on the path of a walk, by level. */
export const PATH: usize = 16;

// Rows of a batch, column by column, at addresses of their own.
export const ROWS: usize = 4096;
export const PAGE_AT: usize = 1024;
export const PPN_AT: usize = PAGE_AT + 4 * ROWS;
export const COUNT_AT: usize = PPN_AT + 4 * ROWS;
export const KIND_AT: usize = COUNT_AT + 4 * ROWS;
export const VCPU_AT: usize = KIND_AT + ROWS;

// What the walks of a stretch of rows pass on from stage to stage, behind the batch: see stages.ts.
export const STRETCH: u32 = 256; // rows
export const L1_MISSED: usize = VCPU_AT + ROWS; // rows that the first level lacks
export const MISSED: usize = L1_MISSED + 4 * STRETCH; // rows that no TLB has
export const REFERENCES: usize = MISSED + 4 * STRETCH; // of the walk for each of those
export const HISTOGRAM: usize = REFERENCES + 4 * STRETCH; // walks by references
export const REFERENCES_MAX: usize = 35; // of a walk, five levels in both dimensions
export const LOOKUPS: usize = HISTOGRAM + 4 * (REFERENCES_MAX + 1); // for the nested TLB: PPN, and the number of the walk; of a walk up to 7
export const HOST_WALKS: usize = LOOKUPS + 7 * 8 * STRETCH; // the same of those that it lacks
export const END: usize = HOST_WALKS + 7 * 8 * STRETCH;
