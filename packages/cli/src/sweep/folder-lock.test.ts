import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { temporary } from "../testing.ts";
import { checkUnlocked, lockFolder } from "./folder-lock.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const lockIn = (name: string): string => join(at(name), ".sweep.lock");
const held = (name: string, holder: object): void => {
  mkdirSync(at(name), { recursive: true });
  writeFileSync(lockIn(name), JSON.stringify(holder));
};

test("a folder is one process's until it lets go; one that was made and stayed empty goes", () => {
  const release = lockFolder(at("new"));
  expect(() => checkUnlocked(at("new"))).toThrow(`another tidemark compare, process ${process.pid}, is writing into it`);
  expect(() => lockFolder(at("new"))).toThrow("is writing into it");
  release();
  expect(existsSync(at("new"))).toBe(false);
  mkdirSync(at("old"));
  lockFolder(at("old"))();
  expect([existsSync(at("old")), existsSync(lockIn("old"))]).toEqual([true, false]);
});

test.skipIf(!existsSync("/proc/self"))("a place that holds no folders is refused at once", () => {
  expect(() => lockFolder("/proc/tidemark")).toThrow(/^\/proc\/tidemark: /);
});

test("the lock of a process that was killed is no lock, nor is that of one whose number another has", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  const release = lockFolder(at("probe"));
  const { begun } = JSON.parse(readFileSync(lockIn("probe"), "utf8"));
  release();
  expect(begun).toMatch(/^\d+$/);
  held("other", { host: hostname(), pid: child.pid, begun: "1" });
  checkUnlocked(at("other"));
  held("alive", { host: hostname(), pid: child.pid, begun: "" });
  expect(() => checkUnlocked(at("alive"))).toThrow(`process ${child.pid}, is writing into it`);
  child.kill("SIGKILL");
  await once(child, "exit");
  checkUnlocked(at("alive"));
  expect([existsSync(lockIn("other")), existsSync(lockIn("alive"))]).toEqual([false, false]);
});

test("of a process on another machine nobody knows: it is said what to do", () => {
  held("far", { host: "elsewhere", pid: 7, begun: "1" });
  expect(() => checkUnlocked(at("far"))).toThrow(
    `${at("far")}: process 7 on elsewhere is writing into it; where that is over, for example killed, remove ${lockIn("far")}, else name another folder`,
  );
});

test("a lock that was half written is none", () => {
  mkdirSync(at("half"));
  writeFileSync(lockIn("half"), '{"host":');
  checkUnlocked(at("half"));
  lockFolder(at("half"))();
});
