import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { v2p } from "./v2p.ts";

const EXAMPLE = `# VirtualToPhysical
address_mapping_group {
  page_size: 4096
  address_mapping {
    virtual_address: 4198400
    physical_address: 28672
  }
  address_mapping { virtual_address: 0x402000 physical_address: 0x9000 }
  address_mapping {
    # no virtual_address: 0
    physical_address: 0xb000
  }
  information {
    page_count: 0x3
  }
}
`;

formatLaws(v2p, EXAMPLE);

const ACCESSES = "time_ns,gva\n1,0x401234\n2,0x402000\n3,0x10\n";

test("says where the pages of another input lie, whatever their order", async () => {
  const expected = ["1 vm/0 R 0:401 7 ×1", "2 vm/0 R 0:402 9 ×1", "3 vm/0 R 0:0 b ×1"];
  const { accesses, manifest } = await ingestFiles({ "a.csv": ACCESSES, "v2p.textproto": EXAMPLE });
  expect(accesses).toEqual(expected);
  expect(manifest.vms[0]).toMatchObject({ ppns: "captured", inferredPpnRows: 0 });
  expect((await ingestFiles({ "v2p.textproto": EXAMPLE, "a.csv": ACCESSES })).accesses).toEqual(expected);
});

test("pages of 2 MB, several groups, 4 KB where a group says nothing", async () => {
  const text = `address_mapping_group { page_size: 2097152
address_mapping { virtual_address: 0x7f0000000000 physical_address: 4194304 } }
address_mapping_group { address_mapping { virtual_address: 0x1000 physical_address: 0x3000 } }`;
  const { accesses } = await ingestFiles({ a: "gva\n0x7f00001ff000\n0x1008\n", b: text });
  expect(accesses).toEqual(["0 vm/0 R 0:7f00001ff 5ff ×1", "1 vm/0 R 0:1 3 ×1"]);
});

test("an access to a page without a mapping is a bad row, as in any captured VM", async () => {
  const inputs = { a: "gva\n0x401000\n0x999000\n", b: EXAMPLE };
  await expect(ingestFiles(inputs)).rejects.toThrow("a:3: has no guest-physical address, and no row before it says where its page lies");
  expect((await ingestFiles(inputs, { badRows: "skip" })).accesses).toEqual(["0 vm/0 R 0:401 7 ×1"]);
});

test("addresses that accesses tell themselves are kept", async () => {
  const { accesses } = await ingestFiles({ a: "gva,gpa\n0x401000,0x5000\n0x402000,\n", b: EXAMPLE });
  expect(accesses).toEqual(["0 vm/0 R 0:401 5 ×1", "1 vm/0 R 0:402 9 ×1"]);
});

test.each([
  ["  page_size: 5000", "f:2: page_size: 5000 is no size of a page (expected a power of two of 4096 to 1073741824)"],
  ["  page_size: 99999999999999999999", "f:2: page_size: 99999999999999999999 is more than 2^64 - 1"],
  [
    "  address_mapping { physical_address: 0xffffffff000 }",
    "f:2: physical address 0xffffffff000 is beyond the last page that a trace can name (2^44 bytes)",
  ],
  ["} }", "f:2: closes what is not open"],
  ["  1 = 2", 'f:2: is no mapping where it says "1 = 2" (expected KEY { … } or KEY: NUMBER)'],
])("refuses %j", async (line, message) => expect(await refusal(`address_mapping_group {\n${line}\n}\n`)).toBe(message));

test("a text that ends in the middle says so", async () => {
  const { manifest } = await ingestFiles({ a: ACCESSES.slice(0, 22), b: EXAMPLE.slice(0, EXAMPLE.indexOf("  address_mapping { virtual")) });
  expect(manifest.sources[1].notes).toEqual([expect.stringMatching(/^is cut short: "address_mapping_group/)]);
});
