import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { failure } from "../failure/failure.ts";

/**
 * Reads a password from the first available source: the file, the variable `AETHEL_PASSWORD`, the
 * terminal.
 * @throws NodeError `PASSWORD`.
 */
export async function readPassword(options: {
  readonly file: string | undefined;
  /** Number of times that the terminal asks. `twice` is for a new key. */
  readonly confirm: "twice" | "once";
}): Promise<string> {
  if (options.file !== undefined) return await fromFile(options.file);
  const fromEnvironment = process.env["AETHEL_PASSWORD"];
  if (fromEnvironment !== undefined && fromEnvironment !== "") return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw failure(
      "PASSWORD",
      "a password is needed and there is no terminal to ask at",
      "set AETHEL_PASSWORD, or give --password-file FILE",
    );
  }
  const password = await ask("Password: ");
  if (password === "") {
    throw failure("PASSWORD", "the password is empty", "choose one that is hard to guess");
  }
  if (options.confirm === "twice" && (await ask("Again: ")) !== password) {
    throw failure("PASSWORD", "the two passwords differ", "run the command again");
  }
  return password;
}

async function fromFile(file: string): Promise<string> {
  try {
    const password = (await readFile(file, "utf8")).replace(/\r?\n$/, "");
    if (password !== "") return password;
  } catch (error) {
    const next = "name a file that this user can read";
    throw failure("PASSWORD", `the password file ${file} cannot be read`, next, error);
  }
  const next = "put the password on its first line";
  throw failure("PASSWORD", `the password file ${file} is empty`, next);
}

/** Asks for a password at the terminal. What is typed is not shown. */
async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silence, terminal: true });
  try {
    return await reader.question("");
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
