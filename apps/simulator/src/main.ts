#!/usr/bin/env node
import { endWithReader, exitCodeOfParsing, listenForStop, oldNodeProblem } from "@aethel/terminal";
import { paint } from "./output/colour.ts";
import { describeFailure } from "./output/failure.ts";
import { createProgress } from "./output/progress.ts";
import { createProgram } from "./program.ts";

const problem = oldNodeProblem({ program: "aethel-sim", command: "npm run sim --" });
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

endWithReader();

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
  const parsing = exitCodeOfParsing(error);
  if (parsing === undefined) {
    const { message, exitCode } = describeFailure(error);
    process.stderr.write(`aethel-sim: ${paint(message, process.stderr)}\n`);
    process.exitCode = exitCode;
  } else {
    process.exitCode = parsing;
  }
}
