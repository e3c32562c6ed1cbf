/** Set-up of the test runs over broken sources: one worker, in the order of `MUTATION_TESTS`. */
import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../../vitest.config.ts";
import { AsTold } from "./as-told.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      setupFiles: [here("hurry.ts"), here("recorder.ts")],
      sequence: { sequencer: AsTold },
      // Node strips the types itself: nothing is transformed, and offsets are those of the source.
      experimental: { viteModuleRunner: false },
      maxWorkers: 1,
    },
  }),
);
