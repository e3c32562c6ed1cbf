import { execFile } from "node:child_process";
import { promisify } from "node:util";

const runFile = promisify(execFile);
const TIMEOUT_MS = 20_000;

/** Runs a command and returns its output. @throws Error with the command and what it wrote. */
export async function run(command: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await runFile(command, [...args], { timeout: TIMEOUT_MS });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${command} ${args.join(" ")} failed: ${said}`, { cause });
  }
}

/** Runs a command with some text as its standard input. @throws Error as `run` does. */
export async function feed(
  text: string,
  command: string,
  ...args: readonly string[]
): Promise<void> {
  const child = execFile(command, [...args], { timeout: TIMEOUT_MS });
  let said = "";
  child.stderr?.on("data", (chunk: string) => (said += chunk));
  child.stdin?.end(text);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${said}\n${text}`);
}
