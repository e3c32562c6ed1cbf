import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "./browser-probe.ts";

/** What any browser has and plain JavaScript has not; no `Buffer`, `process`, `require` or crypto. */
const page = { TextEncoder, TextDecoder };

interface Result {
  readonly backend: string;
}

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
    const inNode = JSON.parse(run()) as Result;

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
});
