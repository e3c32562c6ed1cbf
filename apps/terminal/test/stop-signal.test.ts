import { type ChildProcess, spawn } from "node:child_process";
import { describe, expect, test } from "vitest";

const source = new URL("../src/stop-signal.ts", import.meta.url).href;

/** A process that says when it is asked to end, and then does not. */
const SCRIPT = `
  import { listenForStop } from ${JSON.stringify(source)};
  const stop = listenForStop({ force: () => console.log("forced") });
  setInterval(() => undefined, 1_000);
  stop.stopped.then(() => console.log("asked", stop.signal.aborted));
  console.log("ready");
`;

describe("signals that ask a process to end", () => {
  test("the first aborts, one right after it is the same, and a later one ends the process", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { said, sees } = reader(child);
    const code = new Promise<number | null>((resolve) => child.once("close", resolve));
    await sees("ready");

    child.kill("SIGINT");
    await sees("asked true");
    child.kill("SIGTERM");
    // Signals within a second of the first are the same wish; the process says nothing of them.
    const repeated = setInterval(() => child.kill("SIGHUP"), 50);

    expect(await code).toBe(130);
    clearInterval(repeated);
    expect(said()).toBe("ready\nasked true\nforced\n");
  });
});

function reader(child: ChildProcess): {
  readonly said: () => string;
  readonly sees: (text: string) => Promise<void>;
} {
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return {
    said: () => said,
    async sees(text) {
      while (!said.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}
