import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { run as runHere } from "./browser-probe.ts";

/**
 * Globals of a browser beside those of JavaScript, without `Buffer`, `process`, `require`, crypto.
 */
const page = { TextEncoder, TextDecoder };

interface Result {
  readonly backend: string;
}

const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

describe("in a browser", () => {
  let code = "";
  let imports: readonly string[] = [];

  beforeAll(async () => {
    const bundle = await rolldown({
      input: fileURLToPath(new URL("browser-probe.ts", import.meta.url)),
      platform: "browser",
      resolve: { conditionNames: ["@aethel/source", "browser", "import", "default"] },
    });
    const [chunk] = (await bundle.generate({ format: "iife", name: "probe" })).output;
    code = chunk.code;
    imports = [...chunk.imports, ...chunk.dynamicImports];
  });

  test("the bundle is whole: it imports nothing, of Node or elsewhere", () => {
    expect(imports).toEqual([]);
  });

  test("a page signs, certifies, verifies, encodes and reads files as Node does, by noble", () => {
    const context = createContext({ ...page });
    runInContext(code, context);
    const inPage = JSON.parse(String(runInContext("probe.run()", context))) as Result;
    const inNode = JSON.parse(runHere()) as Result;

    expect(inPage).toMatchObject({ backend: "noble", defect: "none", foreign: "bad-signature" });
    expect(inNode.backend).toBe("node");
    expect({ ...inPage, backend: "" }).toEqual({ ...inNode, backend: "" });
  });

  test("a host with a process but without its crypto takes noble too", () => {
    for (const process of [{}, { getBuiltinModule: () => undefined }, { versions: {} }]) {
      const context = createContext({ ...page, process });
      runInContext(code, context);
      const result = JSON.parse(String(runInContext("probe.run()", context))) as Result;
      expect(result.backend).toBe("noble");
    }
  });

  test.skipIf(chromium === undefined)(
    "Chromium, where there is one, says what Node says",
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "aethel-models-"));
      const page = path.join(folder, "page.html");
      await writeFile(path.join(folder, "probe.js"), code);
      await writeFile(
        page,
        '<!doctype html><meta charset="utf-8"><pre id="out">nothing</pre><script src="probe.js"></script><script>document.getElementById("out").textContent = btoa(probe.run())</script>',
      );
      const flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${folder}/profile`,
      ];
      try {
        const run = promisify(execFile);
        const { stdout } = await run(chromium ?? "", [...flags, "--dump-dom", `file://${page}`]);
        const [, out = ""] = /<pre id="out">([^<]*)<\/pre>/.exec(stdout) ?? [];
        const inChromium = JSON.parse(atob(out)) as Result;
        expect(inChromium.backend).toBe("noble");
        expect({ ...inChromium, backend: "" }).toEqual({
          ...(JSON.parse(runHere()) as Result),
          backend: "",
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
