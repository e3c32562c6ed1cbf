import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { ZERO_DIGEST } from "@aethel/models";
import { describe, expect, test } from "vitest";

const example = new URL("../examples/two-validators.ts", import.meta.url);

describe("README", () => {
  test("its example runs, and gets an authenticated answer", async () => {
    const { answer, log } = await import("../examples/two-validators.ts");

    expect(answer).toEqual({ type: "head", sequence: 41, digest: ZERO_DIGEST, oldest: 1 });
    expect(log.filter((line) => line.startsWith("connected to validator"))).toHaveLength(2);
  });

  test("it shows the very file that the test runs", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

    expect(readme).toContain(readFileSync(example, "utf8").trim());
  });
});

describe("stop", () => {
  test("a process whose transports were stopped ends by itself: no handle stays open", async () => {
    const child = spawn(
      process.execPath,
      ["--conditions=@aethel/source", "--no-warnings", example.pathname],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const watchdog = setTimeout(() => child.kill("SIGKILL"), 30_000);
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(watchdog);

    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });
});
