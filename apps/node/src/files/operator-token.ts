import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import type { Layout } from "./layout.ts";

/** Form of a token: 32 bytes of hex. */
const TOKEN = /^[0-9a-f]{64}$/;

/**
 * Makes the token by which this node's API knows its operator, and writes it to a file that only
 * the node's user can read. Each start of a node makes another one. `onUnwritten` is called if the
 * file cannot be written; the node runs without it, and nobody has the token.
 */
export async function makeOperatorToken(
  layout: Layout,
  onUnwritten: (error: unknown) => void,
): Promise<string> {
  const token = randomBytes(32).toString("hex");
  await writeFileAtomic(layout.operatorToken, `${token}\n`, { mode: 0o600 }).catch(onUnwritten);
  return token;
}

/** Reads the token of a node. @throws NodeError `NOT_FOUND` if this user cannot read one. */
export async function readOperatorToken(layout: Layout): Promise<string> {
  const text = await readFile(layout.operatorToken, "utf8").catch(() => "");
  const token = text.trim();
  if (TOKEN.test(token)) return token;
  const next = "name the directory of a running node with --data-dir, as the user that runs it";
  throw failure("NOT_FOUND", `there is no token that you may read in ${layout.directory}`, next);
}
