#!/usr/bin/env node
import { CommanderError } from "commander";
import { describeFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `aethel-sim: this is Node ${process.versions.node}, and Node ${NODE_MAJOR_MIN} or later is needed.\n`,
  );
  process.exit(2);
}

// `aethel-sim run | head`: a closed pipe ends the run, quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  process.exitCode = 0;
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const program = createProgram({
    write,
    finish: (code) => {
      process.exitCode = code;
    },
  });
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong. Help was asked for: 0.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { message, exitCode } = describeFailure(error);
    process.stderr.write(`aethel-sim: ${message}\n`);
    process.exitCode = exitCode;
  }
}
