import { InputError } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { admit, type Applicant, type HostSize } from "./admission.ts";

const MB = 256;
const vm = (name: string, size: number, given: Partial<Applicant> = {}): Applicant => ({
  name,
  configuredPages: size * MB,
  reservationPages: 0,
  limitPages: size * MB,
  overheadPages: 30 * MB,
  ...given,
});
const host = (size: number, given: Partial<HostSize> = {}): HostSize => ({
  machinePages: size * MB,
  hypervisorPages: 0,
  swapPages: null,
  ...given,
});

/** Starts the VMs one after the other; the refusal of the first that does not fit. */
function start(on: HostSize, ...vms: readonly Applicant[]): string {
  try {
    vms.forEach((applicant, v) => admit(on, vms.slice(0, v), applicant));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
  return "all run";
}

test("three VMs of 2 GB on a host of 4 GB: run where memory may be overcommitted, refused where all of it is reserved", () => {
  const names = ["a", "b", "c"];
  expect(start(host(4096), ...names.map((name) => vm(name, 2048)))).toBe("all run");
  const reserved = { reservationPages: 2048 * MB, overheadPages: 0 };
  expect(start(host(4096), ...names.map((name) => vm(name, 2048, reserved)))).toBe(
    "c: needs 2048 MiB of reservation and 0 MiB of overhead, the host of 4096 MiB has 0 MiB unreserved; " +
      "lower reservations by 2048 MiB or give the host 6144 MiB",
  );
});

test("overhead and the hypervisor's own memory count", () => {
  const tight = vm("db", 1024, { reservationPages: 994 * MB });
  expect(start(host(1024), tight)).toBe("all run");
  expect(start(host(1024, { hypervisorPages: 1 }), tight)).toBe(
    "db: needs 994 MiB of reservation and 30 MiB of overhead, the host of 1024 MiB has 1023.9 MiB unreserved; " +
      "lower reservations by 0.1 MiB or give the host 1024.1 MiB",
  );
  // What reservations cannot give is not asked of them.
  expect(start(host(1024, { hypervisorPages: 2048 * MB }), tight)).toMatch(
    /the host of 1024 MiB has 0 MiB unreserved; give the host 3072 MiB$/,
  );
});

test("what is not reserved must find swap space, where a size is given", () => {
  const half = vm("web", 1024, { reservationPages: 512 * MB });
  expect(start(host(8192, { swapPages: 1024 * MB }), half, half)).toBe("all run");
  expect(start(host(8192, { swapPages: 1000 * MB }), half, half)).toBe(
    "web: needs 512 MiB of swap space (its size less its reservation), of the host's 1000 MiB there are 488 MiB left; " +
      "raise reservations by 24 MiB or give the host 1024 MiB of swap space",
  );
});

test("reservation ≤ limit ≤ size", () => {
  expect(start(host(8192), vm("db", 100, { reservationPages: 101 * MB, limitPages: 101 * MB }))).toBe(
    "db: a reservation of 101 MiB is more than the VM's 100 MiB; reserve at most its size",
  );
  expect(start(host(8192), vm("db", 100, { limitPages: 200 * MB }))).toBe(
    "db: a limit of 200 MiB is more than the VM's 100 MiB; leave it out",
  );
  expect(start(host(8192), vm("db", 100, { limitPages: 50 * MB, reservationPages: 60 * MB }))).toBe(
    "db: a limit of 50 MiB is below its reservation of 60 MiB; raise the one or lower the other",
  );
  expect(start(host(8192), vm("db", 100, { limitPages: 60 * MB, reservationPages: 60 * MB }))).toBe("all run");
});

const MIB = /give the host ([\d.]+) MiB/;

test("a host that has what the refusal names admits the VM", () => {
  const pages = fc.nat(5000);
  fc.assert(
    fc.property(pages, pages, pages, pages, pages, (machinePages, configuredPages, reserved, overhead, swapPages) => {
      const applicant: Applicant = {
        name: "v",
        configuredPages,
        reservationPages: Math.min(reserved, configuredPages),
        limitPages: configuredPages,
        overheadPages: overhead,
      };
      let given: HostSize = { machinePages, hypervisorPages: 7, swapPages };
      for (let refusals = 0; ; refusals++) {
        const said = start(given, applicant);
        if (said === "all run") break;
        expect(refusals).toBeLessThan(2); // one of memory, one of swap space
        const asked = Math.floor(Number(MIB.exec(said)?.[1]) * MB);
        given = said.includes("swap space (") ? { ...given, swapPages: asked } : { ...given, machinePages: asked };
      }
    }),
    { seed: 1 },
  );
});
