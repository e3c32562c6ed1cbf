import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { ROOT } from "../src/repository.ts";

/** Time for one bench on a machine that is busy with other things, in milliseconds. */
const PATIENCE_MS = 300_000;

const benches = ["packages", "apps"].flatMap((group) =>
  readdirSync(path.join(ROOT, group))
    .map((name) => path.join(ROOT, group, name, "bench"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file)))
    .filter((file) => file.endsWith(".bench.ts")),
);

/** Runs a program on the sources, as a bench with an option; gives its exit code and what it said. */
function run(file: string): { readonly code: number | null; readonly said: string } {
  const words = ["--conditions=@aethel/source", file, "--smoke"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: PATIENCE_MS,
  });
  return { code: status, said: `${stdout}\n${stderr}` };
}

describe("benches", () => {
  test("there are some", () => expect(benches.length).toBeGreaterThan(10));

  test.for(benches.map((file) => path.relative(ROOT, file)))(
    "%s does a little of all its work, and prints figures",
    { timeout: PATIENCE_MS },
    (file) => {
      const { code, said } = run(path.join(ROOT, file));
      expect(code, said).toBe(0);
    },
  );

  test("a bench fails that throws, prints no figure, or has nothing behind one", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "aethel-bench-"));
    const bench = pathToFileURL(path.join(ROOT, "tooling/bench/src/index.ts")).href;
    const fails = (text: string): boolean => {
      const file = path.join(folder, "planted.ts");
      writeFileSync(
        file,
        `import * as bench from "${bench}";\nbench.printPlace("planted");\n${text}\n`,
      );
      return run(file).code !== 0;
    };
    try {
      const figure = (value: string) => `bench.printFigure({ name: "speed", value: "${value}" });`;
      expect(fails(figure("12/s"))).toBe(false);
      expect(fails(`${figure("12/s")} throw new Error("broken");`)).toBe(true);
      expect(fails("process.exit();")).toBe(true);
      expect(fails(figure("NaN/s"))).toBe(true);
      expect(fails(`bench.demandWork("accepted proofs", 0); ${figure("12/s")}`)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
