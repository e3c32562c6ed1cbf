import { existsSync, readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Every workspace package that has tests is one project, named as the package is. */
const projects = ["packages", "apps", "tooling"].flatMap((group) =>
  readdirSync(new URL(group, import.meta.url))
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(new URL(`${folder}/test`, import.meta.url)))
    .map((folder) => ({
      extends: true as const,
      test: {
        name: JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), "utf8"))
          .name,
        root: folder,
      },
    })),
);

const conditions = ["@aethel/source"];

export default defineConfig({
  resolve: { conditions: [...conditions, "node", "module", "default"] },
  ssr: { resolve: { conditions: [...conditions, "node", "module", "default"] } },
  test: {
    projects,
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Worker threads and child processes of the tests read sources too.
    execArgv: ["--conditions=@aethel/source"],
    // Z3, LMDB and libp2p are real in these tests; on two busy cores they need time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
