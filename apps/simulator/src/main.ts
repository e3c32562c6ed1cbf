#!/usr/bin/env node
import { CommanderError } from "commander";
import { paint } from "./colour.ts";
import { describeFailure } from "./failure.ts";
import { createProgram } from "./program.ts";
import { createProgress } from "./progress.ts";
import { listenForStop } from "./stop-signal.ts";

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `aethel-sim: this is Node ${process.versions.node}, and Node ${NODE_MAJOR_MIN} or later is needed. ` +
      "Next: run it with `npm run sim --`, which brings its own.\n",
  );
  process.exit(2);
}

// `aethel-sim run | head`: a closed pipe ends the run, quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const progress = createProgress(process.stderr);

try {
  process.exitCode = 0;
  const program = createProgram(
    {
      write: (text) => {
        progress.hide();
        process.stdout.write(`${paint(text, process.stdout)}\n`);
      },
      finish: (code) => {
        process.exitCode = code;
      },
    },
    { progress, listenForStop },
  );
  await program.parseAsync();
} catch (error) {
  progress.hide();
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong. Help was asked for: 0.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { message, exitCode } = describeFailure(error);
    process.stderr.write(`aethel-sim: ${paint(message, process.stderr)}\n`);
    process.exitCode = exitCode;
  }
}
