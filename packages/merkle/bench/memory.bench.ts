/** Memory of a million keys, in a process that does nothing else. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { printFigure, sized } from "@aethel/bench";

const KEYS = sized(1_000_000, 5_000);
const child = fileURLToPath(new URL("state-memory.ts", import.meta.url));
const printed = execFileSync(
  process.execPath,
  [...process.execArgv, "--expose-gc", child, `${KEYS}`],
  {
    encoding: "utf8",
  },
);
const { bytes, keys }: { readonly bytes: number; readonly keys: number } = JSON.parse(printed);
printFigure({
  name: "state, root included, heap and buffers after a collection",
  value: `${(bytes / keys).toFixed(0)} bytes/key`,
  target: "< 200",
});
