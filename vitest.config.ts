import { defineConfig } from "vitest/config";

export default defineConfig({
  // Packages resolve to their sources: tests need no build.
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source", "node", "import", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts", "notebooks/src/**/*.test.ts"],
    // Tests share no state but what they import; without this each file would load the packages anew.
    isolate: false,
    // Two cores are all there is as a rule, and the run waits for browsers and commands most of the time.
    maxWorkers: "100%",
    // For what hangs: on a machine with other work a test of a few seconds takes a minute.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
