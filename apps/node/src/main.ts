#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { createProgram } from "./cli/program.ts";
import { describeError, exitCodeOf } from "./failure/describe-error.ts";
import { note } from "./terminal/output.ts";
import { packageVersion } from "./version.ts";

// `aethel status | head`: a closed pipe ends the command, quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// Measured: halves the time to load libp2p and the rest. In our own folder, not the shared one for
// temporary files, where another user could plant code.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  note(
    `aethel: this is Node ${process.versions.node}, and Node ${NODE_MAJOR_MIN} or later is needed. ` +
      "Next: run it with `npm run aethel --`, which brings its own.",
  );
  process.exit(1);
}

try {
  await createProgram(packageVersion).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong. Help and version were asked for: 0.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    note(`aethel: ${describeError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}
