import { parseArgs } from "node:util";
import {
  checkCorpus,
  checkDeterminism,
  checkExact,
  checkHistoric,
  checkMetamorphic,
  checkRefused,
} from "./gate-checks.ts";
import { type GateRow, renderGate } from "./gate-row.ts";

/**
 * Everything that is done before the pinned Z3 is moved, for the installed one or for a candidate.
 * Its meaning, and what to do with the result: docs/judge-gate.md of this package.
 */
const { values: options } = parseArgs({
  options: {
    z3: { type: "string" },
    minutes: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log("npm run judge-gate -- [--z3 FOLDER] [--minutes N] [--seed N]");
  console.log("FOLDER holds z3-built.js and z3-built.wasm; AETHEL_Z3 names it too.");
} else {
  const folder = options.z3 ?? process.env["AETHEL_Z3"];
  const minutes = Number(options.minutes);
  const seed = Number(options.seed);
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new RangeError("minutes or seed");
  const gate = { folder, minutes, seed };
  const rows: GateRow[] = [];
  for (const check of [
    checkHistoric,
    checkRefused,
    checkExact,
    checkCorpus,
    checkDeterminism,
    checkMetamorphic,
  ]) {
    const row = await check(gate);
    rows.push(row);
    console.error(`${row.name}: ${row.verdict}`);
  }
  console.log(`\nZ3: ${folder ?? "the installed one"}\n\n${renderGate(rows)}`);
  process.exitCode = rows.some(({ verdict }) => verdict === "failed") ? 1 : 0;
}
