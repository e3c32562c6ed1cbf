/** Memory of a million keys, in a process that does nothing else. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { printFigure } from "@aethel/bench";

const child = fileURLToPath(new URL("state-memory.ts", import.meta.url));
const printed = execFileSync(process.execPath, [...process.execArgv, "--expose-gc", child], {
  encoding: "utf8",
});
const { bytes, keys }: { readonly bytes: number; readonly keys: number } = JSON.parse(printed);
printFigure({
  name: "state, root included, heap and buffers after a collection",
  value: `${(bytes / keys).toFixed(0)} bytes/key`,
  target: "< 200",
});
