import { ingest } from "/work/main/packages/ingest/dist/index.js"; import { readFileSync, writeFileSync } from "node:fs";
const name = process.argv[2]; let s = +process.argv[3];
const rnd = (n) => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return Math.floor((s / 2 ** 32) * n); };
const b0 = readFileSync("/work/main/packages/ingest/fixtures/arrow/" + name);
for (let k = 0; k < 300; k++) { const b = Buffer.from(b0); const n = 1 + rnd(20); for (let i = 0; i < n; i++) b[rnd(3) ? rnd(1200) : b.length - 1 - rnd(1000)] = rnd(256);
 writeFileSync("/tmp/i/fz.bin", b); let r; const t = Date.now();
 try { await ingest({ inputs: ["/tmp/i/fz.bin"], output: "/tmp/i/fz.trace", format: undefined, columns: new Map(), vm: undefined, timeUnit: undefined, timeOriginNs: 0, sizeBytes: undefined, order: "undeclared", badRows: "fail", sort: false, tool: "t" }, () => {}); r = "ok"; } catch (e) { r = e.name === "InputError" ? "InputError" : "OTHER " + e.stack; if (r.startsWith("OTHER")) console.log(k, r); }
 if (Date.now() - t > 1000) console.log(k, "slow", Date.now() - t);
}
console.log("done");
