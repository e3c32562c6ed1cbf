#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { endWithReader, exitCodeOfParsing, oldNodeProblem } from "@aethel/terminal";
import { createProgram } from "./cli/program.ts";
import { describeError, errorJson, exitCodeOf } from "./failure/describe-error.ts";
import { note } from "./terminal/output.ts";
import { packageVersion } from "./version.ts";

endWithReader();

// Halves the time to load libp2p and the rest (measured). The folder belongs to this package: in
// the shared one for temporary files another user could plant code.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));

const problem = oldNodeProblem({ program: "aethel", command: "npm run aethel --" });
if (problem !== undefined) {
  note(problem);
  process.exit(1);
}

try {
  await createProgram(packageVersion).parseAsync();
} catch (error) {
  const parsing = exitCodeOfParsing(error);
  const isJson = process.argv.includes("--json");
  if (parsing === undefined) note(isJson ? errorJson(error) : `aethel: ${describeError(error)}`);
  process.exitCode = parsing ?? exitCodeOf(error);
}
