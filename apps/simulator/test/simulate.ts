import { vi } from "vitest";
import { describeFailure } from "../src/output/failure.ts";
import type { Surroundings } from "../src/output/program-output.ts";
import { createProgram } from "../src/program.ts";

/** Standard output of a command, and its exit code. */
export interface Simulated {
  readonly code: number | undefined;
  readonly text: string;
}

/** Runs a command line in this process. Complaints of commander go to standard error. */
export async function simulate(
  command: string | readonly string[],
  surroundings?: Surroundings,
): Promise<Simulated> {
  const lines: string[] = [];
  let code: number | undefined;
  const program = createProgram(
    {
      write: (line) => lines.push(line),
      finish: (exitCode) => {
        code = exitCode;
      },
    },
    surroundings,
  );
  const words = typeof command === "string" ? command.split(" ") : command;
  await program.parseAsync([...words], { from: "user" });
  return { code, text: lines.join("\n") };
}

/** Returns the error that a command line throws. */
export async function failureOf(command: string | readonly string[]): Promise<unknown> {
  try {
    await simulate(command);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Returns the complaint about a wrong command line, of commander or of the command. */
export async function complaintAbout(command: string): Promise<string> {
  const told: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told.push(String(text));
    return true;
  });
  try {
    const error = await failureOf(command);
    return told.join("") || `aethel-sim: ${describeFailure(error).message}\n`;
  } finally {
    stderr.mockRestore();
  }
}
