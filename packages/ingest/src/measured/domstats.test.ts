import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { domstats } from "./domstats.ts";

/** Fields of other groups come with it unless --balloon stands alone. */
const domain = (name: string, update: number, rss: number, current = 1048576): string =>
  `Domain: '${name}'
  state.state=1
  balloon.current=${current}
  balloon.maximum=1048576
  balloon.swap_in=0
  balloon.unused=800000
  balloon.available=1000000
  balloon.last-update=${update}
  balloon.rss=${rss}
`;
const START = 1700000000;
const timed = (s: number, ...domains: readonly string[]): string => `${START + s}\n${domains.join("\n")}\n`;
const EXAMPLE =
  timed(0, domain("web", 0, 400000), domain("db", START - 1, 80000)) +
  timed(10, domain("web", 0, 400004, 1048376)) +
  timed(20, domain("web", START + 19, 400008, 1048176));

measuredLaws(domstats, EXAMPLE);

// Counted by hand: 4 KB to the page; the balloon has what current lacks of maximum.
test("all domains of a host, at the times of the lines before them, whatever the guests' own are", async () => {
  expect(dumpOf(await measuredIn(EXAMPLE))).toEqual([
    "0s db configured=262144 consumed=20000 guestUsed=50000 vmmemctl=0",
    "0s web configured=262144 consumed=100000 guestUsed=50000 vmmemctl=0",
    "10s web configured=262144 consumed=100001 guestUsed=50000 vmmemctl=50",
    "20s web configured=262144 consumed=100002 guestUsed=50000 vmmemctl=100",
  ]);
});

test("without lines of time it is the guest's last update; a guest that has not answered yet is left out, with a note", async () => {
  const file = await measuredIn([domain("web", 0, 5), domain("web", START, 80000), domain("web", START + 5, 80004)].join("\n"));
  expect(dumpOf(file)).toEqual([
    "0s web configured=262144 consumed=20000 guestUsed=50000 vmmemctl=0",
    "5s web configured=262144 consumed=20001 guestUsed=50000 vmmemctl=0",
  ]);
  expect(file.notes).toEqual(["samples without a time are left out; write one before each: date +%s; virsh domstats --balloon"]);
});

test("times may be of the guest's own clock, names may hold quotes, a domain that is off has sizes alone", async () => {
  const off = "Domain: 'it's = off'\n  balloon.current=4096\n  balloon.maximum=4096\n";
  const file = await measuredIn(`tsc 1000000000\n${off}\ntsc 3000000000\n${off}\n`);
  expect(dumpOf(file)).toEqual(["0s it's = off configured=1024 vmmemctl=0", "2s it's = off configured=1024 vmmemctl=0"]);
  expect(file.isOwnClock).toBe(true);
});

test("what cannot be is refused", async () => {
  expect(await refusalOf(EXAMPLE.replace("unused=800000", "unused=8000000"))).toBe("web.txt:2: has more unused than available memory");
  expect(await refusalOf(EXAMPLE.replace("current=1048376", "current=2048376"))).toMatch(/has more current than maximum memory$/);
  expect(await refusalOf(EXAMPLE.replace("rss=400004", "rss=lots"))).toMatch(/"lots" is not a number$/);
  expect(await refusalOf(`${EXAMPLE}error: failed to connect to the hypervisor\n`)).toMatch(/time "error: .*" is not a time/);
});

test("balloon drivers that report nothing are named, and what starts them", async () => {
  const silent = (name: string): string => `Domain: '${name}'\n  balloon.last-update=0\n`;
  const start = "(balloon.last-update=0); start that with: virsh dommemstat DOMAIN --period 1 --live";
  expect(await refusalOf(timed(0, silent("web")))).toBe(
    `web.txt: has no samples of memory counters; the balloon driver of "web" reports no statistics ${start}`,
  );
  const sizes = (name: string): string => `${silent(name)}  balloon.current=1048576\n  balloon.maximum=1048576\n`;
  const some = await measuredIn(timed(0, ...["a", "b", "c", "d"].map(sizes), sizes("web")) + timed(10, domain("web", START, 80000)));
  expect(some.notes).toEqual([`the balloon drivers of "a", "b", "c" and 1 more report no statistics ${start}`]);
});
