import { createInterface } from "node:readline/promises";
import { failure } from "../failure/failure.ts";
import { note } from "../terminal/output.ts";

/** Options about the consent to sign. */
export interface ConsentOptions {
  /** Whether what would be asked is agreed to beforehand. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Obtains the consent to sign, if there is a reason to ask. `shown`: lines about the transaction,
 * which a terminal has seen before.
 * @throws NodeError `USAGE` if nobody can be asked; `REFUSED` if the answer is no.
 */
export async function consent(
  shown: readonly string[],
  reason: string | undefined,
  { yes, json }: ConsentOptions,
): Promise<void> {
  if (reason === undefined) return;
  const isJson = json === true;
  if (yes === true) {
    if (isJson) note(JSON.stringify({ agreement: shown }));
    return;
  }
  if (isJson || !process.stdin.isTTY) {
    const next = "read all that it says, then give --yes, or run this at a terminal without --json";
    const refusal = failure("USAGE", `nothing was signed: ${reason}`, next);
    throw isJson ? refusal.explainedBy(shown) : refusal;
  }
  note(`Note       ${reason}`);
  if (await isAgreed()) return;
  throw failure("REFUSED", "nothing was signed", "answer y if you agree to all that is shown");
}

/** Asks at the terminal. Every answer other than `y` and `yes` is a no. */
async function isAgreed(): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input is an answer, too.
  const ended = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
  const answer = await Promise.race([reader.question("Sign? [y/N] "), ended]);
  reader.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Tells whether the host of a URL is this machine. */
export function isOwnMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
