import { existsSync } from "node:fs";
import path from "node:path";
import { readKeyFile } from "../keys/key-file.ts";

/**
 * Finds the account that a text names, as 64 hexadecimal digits. Undefined if the text names none.
 */
export type AccountNames = (text: string) => Promise<string | undefined>;

/**
 * Creates a resolver of accounts: 64 hex digits, the path of a key file, `me` for the author, or a
 * name. The account of a name is in the key file `NAME.json` of `folder`.
 */
export function createAccountNames(options: {
  /** Account of the author, in hexadecimal digits. Undefined if nobody signs. */
  readonly author: string | undefined;
  readonly folder: string | undefined;
}): AccountNames {
  const { author, folder } = options;
  return async (text) => {
    if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return text.replace(/^0x/, "").toLowerCase();
    if (text === "me" && author !== undefined) return author;
    const isPath = text.includes(path.sep) || text.endsWith(".json");
    if (isPath) return await accountOf(text);
    if (folder === undefined || !/^[\w-]+$/.test(text)) return undefined;
    const file = path.join(folder, `${text}.json`);
    return existsSync(file) ? await accountOf(file) : undefined;
  };
}

async function accountOf(file: string): Promise<string> {
  return (await readKeyFile(file, "account", "consensus")).publicKey;
}
