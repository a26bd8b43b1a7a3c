import { expect, test } from "vitest";
import type { Estimation } from "./estimator.ts";
import { createMachine } from "./machine.ts";
import { playedEpochs } from "./played-epochs.ts";
import { createSchedule } from "./schedule.ts";
import type { Stage } from "./stage.ts";

/** Samples every second from 1 s to 4 s, an estimator's period of 2 s; what happens is written down. */
function playing(happened: string[], failsAtNs = Infinity): AsyncGenerator<number> {
  const schedule = createSchedule(1e9, 4e9, 1e9, 1e9, [], [2e9]);
  const stage: Stage = {
    async advance(untilNs) {
      if (untilNs >= failsAtNs) throw new Error("cut short");
      happened.push(`play to ${untilNs / 1e9}`);
    },
    tick: (timeNs) => void happened.push(`tick ${timeNs / 1e9}`),
    rows: () => 0,
    close: async () => void happened.push("close"),
  };
  const estimation: Estimation = {
    periodEnded: () => void happened.push("period"),
    read: () => ({ reported: NaN, slow: NaN, fast: NaN, next: NaN, low: NaN, high: NaN }),
  };
  return playedEpochs(schedule, {
    machine: createMachine([], schedule.ends.length, schedule.lookBackEpochs),
    stage,
    plugs: [{ name: "each", periodNs: 2e9, create: () => estimation }],
    estimations: [[estimation]],
  });
}

test("an epoch is played, periods that end with it end, what is due is done, and then it is looked at", async () => {
  const happened: string[] = [];
  for await (const timeNs of playing(happened)) happened.push(`look ${timeNs / 1e9}`);
  expect(happened.join(", ")).toBe(
    "play to 1, tick 1, look 1, play to 2, tick 2, look 2, play to 3, period, tick 3, look 3, play to 4, tick 4, look 4, close",
  );
});

test("the stage is closed where nobody looks on, and where the trace cannot be read on", async () => {
  const happened: string[] = [];
  for await (const timeNs of playing(happened)) if (timeNs === 2e9) break;
  expect(happened.at(-1)).toBe("close");
  const failed: string[] = [];
  await expect(async () => {
    for await (const timeNs of playing(failed, 3e9)) failed.push(`look ${timeNs / 1e9}`);
  }).rejects.toThrow("cut short");
  expect(failed.slice(-2)).toEqual(["look 2", "close"]);
});
