import { CommanderError } from "commander";

/**
 * Makes the process end silently when the reader of its standard output is gone, as in `... |
 * head`.
 */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

const NODE_MAJOR_MIN = 24;

/**
 * Returns the message that this version of Node is too old for the app. Undefined if it is new
 * enough.
 */
export function oldNodeProblem(
  app: { readonly program: string; readonly command: string },
  version: string = process.versions.node,
): string | undefined {
  if (Number(version.split(".")[0]) >= NODE_MAJOR_MIN) return undefined;
  return (
    `${app.program}: this is Node ${version}, and Node ${NODE_MAJOR_MIN} or later is needed. ` +
    `Next: run it with \`${app.command}\`, which brings its own.`
  );
}

/**
 * Returns the exit code for an error of commander, which has already printed the problem: 2, or 0
 * if help or the version was requested. Undefined for any other error.
 */
export function exitCodeOfParsing(error: unknown): 0 | 2 | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? 0 : 2;
}
