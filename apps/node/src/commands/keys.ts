import path from "node:path";
import { failure } from "../cli/failure.ts";
import { note, print } from "../cli/output.ts";
import { createKeyFile, readKeyFile } from "../keys/key-file.ts";
import { readPassword } from "../keys/password.ts";
import type { KeyPurpose } from "../keys/sealed-key.ts";
import { layoutOf } from "../storage/layout.ts";

interface KeysOptions {
  readonly dataDir?: string;
  readonly file?: string;
  readonly passwordFile?: string;
  readonly json?: boolean;
}

interface KeyPlace {
  readonly purpose: KeyPurpose;
  readonly file: string;
}

/** `aethel keys new`: nothing is written unless all can be. */
export async function newKeys(options: KeysOptions): Promise<void> {
  const places = placesOf(options);
  const password = await readPassword({ file: options.passwordFile, confirm: "twice" });
  for (const { purpose, file } of places) await createKeyFile({ file, purpose, password });
  await showKeys(options);
  note("The files are encrypted: without the password nobody can use them, you included.");
}

/** `aethel keys show`. */
export async function showKeys(options: KeysOptions): Promise<void> {
  const keys = await Promise.all(
    placesOf(options).map(async ({ purpose, file }) => {
      const { publicKey } = await readKeyFile(file, purpose);
      return { purpose, publicKey, file };
    }),
  );
  if (options.json === true) {
    print(JSON.stringify(keys));
    return;
  }
  for (const { purpose, publicKey, file } of keys) {
    print(`${purpose.padEnd(9)}  ${publicKey}  ${file}`);
  }
}

function placesOf({ dataDir, file }: KeysOptions): readonly KeyPlace[] {
  if (file !== undefined) return [{ purpose: "account", file: path.resolve(file) }];
  if (dataDir === undefined) {
    const next = "give --data-dir DIR for a node's keys, or --file FILE for an account's";
    throw failure("USAGE", "no place for the keys was given", next);
  }
  const layout = layoutOf(dataDir);
  return [
    { purpose: "consensus", file: layout.consensusKey },
    { purpose: "network", file: layout.networkKey },
    { purpose: "account", file: layout.accountKey },
  ];
}
