import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporary, tidemark } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  const captured = folder.file("db.csv", "time_ns,vm,gpa,op\n0,db,0x0,W\n1000000000,db,0x1000,W\n10000000000,db,0x2000,R\n");
  expect((await tidemark(["ingest", captured, "-o", at("db.trace")])).code).toBe(0);
});

/** Replays a scenario; what stderr says after the talk, and whether there is a run. */
async function replayed(name: string, scenario: string) {
  folder.file(`${name}.yaml`, scenario);
  const { code, stdout, stderr } = await tidemark(["replay", `${name}.yaml`, "-o", `${name}.run`], { cwd: folder.path });
  return { code, stdout, stderr, isWritten: existsSync(at(`${name}.run`)) };
}

const db = (more: string): string => `{ trace: db.trace, size: 64MiB, ${more} }`;

describe("a scenario that cannot be is refused in one line, before anything runs", () => {
  test.each([
    [
      "a reservation above the VM's size",
      `host: { memory: 1GiB }\nvms: [${db("reservation: 65MiB")}]`,
      "db: a reservation of 65 MiB is more than the VM's 64 MiB; reserve at most its size",
    ],
    [
      "a limit below the reservation",
      `host: { memory: 1GiB }\nvms: [${db("reservation: 33MiB, limit: 32MiB")}]`,
      "db: a limit of 32 MiB is below its reservation of 33 MiB; raise the one or lower the other",
    ],
    [
      "a limit above the VM's size",
      `host: { memory: 1GiB }\nvms: [${db("limit: 65MiB")}]`,
      "db: a limit of 65 MiB is more than the VM's 64 MiB; leave it out",
    ],
    [
      "reservations that each find room and together do not",
      `host: { memory: 128MiB, overheadPerVm: 8MiB }\nvms: [${db("name: a, reservation: 64MiB")}, ${db("name: b, reservation: 64MiB")}]`,
      "b: needs 64 MiB of reservation and 8 MiB of overhead, the host of 128 MiB has 56 MiB unreserved; lower reservations by 16 MiB or give the host 144 MiB",
    ],
    [
      "VMs whose memory finds no swap space",
      `host: { memory: 128MiB, overheadPerVm: 8MiB, swapSpace: 100MiB }\nvms: [${db("name: a")}, ${db("name: b")}]`,
      "b: needs 64 MiB of swap space (its size less its reservation), of the host's 100 MiB there are 36 MiB left; raise reservations by 28 MiB or give the host 128 MiB of swap space",
    ],
    [
      "copies without contents where sharing is asked for",
      `host: { memory: 1GiB }\nshare: { salting: none }\nvms: [${db("copies: 2")}]`,
      "db: copies share pages by their contents, and the trace has none; ingest a contents table, assume them with share: { contents: profile }, or share: off",
    ],
    [
      "a victim policy that needs the future",
      `host: { memory: 1GiB }\nswap: { policy: belady }\nvms: [${db("")}]`,
      "swap.policy belady: needs the future of the trace, which a host does not have; it is for tidemark curve",
    ],
    [
      "a limit where memory is never scarce",
      `vms: [${db("limit: 32MiB")}]`,
      "db: limits and reservations act on a host of finite memory; give host.memory",
    ],
    [
      "a mechanism where memory is never scarce",
      `swap: { policy: lru }\nvms: [${db("")}]`,
      "swap: acts on a host of finite memory; give host.memory, for example host: { memory: 768MiB }",
    ],
  ])("%s", async (name, scenario, message) => {
    const { code, stdout, stderr, isWritten } = await replayed(name.replaceAll(/\W/g, "-"), scenario);
    expect([code, stdout, stderr, isWritten]).toEqual([2, "", `tidemark: ${message}\n`, false]);
  });

  test("a trace that is not there", async () => {
    const { code, stdout, stderr, isWritten } = await replayed("absent", "host: { memory: 1GiB }\nvms: [{ trace: absent.trace }]");
    expect([code, stdout, isWritten]).toEqual([2, "", false]);
    expect(stderr.replace(/^tidemark: .*\/(?=absent)/, "")).toBe("absent.trace: no such file or folder\n");
  });
});

describe("copies without contents", () => {
  const assumedOf = async (name: string, share: string): Promise<readonly string[]> => {
    const { code, isWritten } = await replayed(name, `host: { memory: 1GiB }\n${share}vms: [${db("copies: 2")}]`);
    expect([code, isWritten]).toEqual([0, true]);
    const { assumed } = JSON.parse(readFileSync(at(`${name}.run/run.json`), "utf8")) as { readonly assumed: readonly string[] };
    return assumed.filter((line) => line.includes("contents"));
  };

  test("run where sharing is on by default only, and the run says that nothing of them is shared", async () => {
    const none = "the trace has no page contents: none of its pages is shared; share: { contents: profile } would assume some";
    expect(await assumedOf("default", "")).toEqual([`db: ${none}`, `db-2: ${none}`]);
  });

  test("run where sharing is off, and where contents are assumed", async () => {
    expect(await assumedOf("off", "share: off\n")).toEqual([]);
    const [assumed, ...others] = await assumedOf("profile", "share: { contents: profile }\n");
    expect(assumed).toMatch(/^page contents are assumed, not captured /);
    expect(others).toEqual([]);
  });
});
