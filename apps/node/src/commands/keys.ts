import { existsSync } from "node:fs";
import path from "node:path";
import { toHex } from "@aethel/models";
import { failure } from "../failure/failure.ts";
import { layoutOf } from "../files/layout.ts";
import { createKeyFile, readKeyFile } from "../keys/key-file.ts";
import { consensusKeyFiles } from "../keys/key-ring.ts";
import { provideNodeKeys, writeNodeCard } from "../keys/node-keys.ts";
import { readPassword } from "../keys/password.ts";
import type { KeyPurpose } from "../keys/sealed-key.ts";
import { readCard } from "../keys/validator-card.ts";
import { note, print } from "../terminal/output.ts";

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

/**
 * Runs `aethel keys new`: makes the key of an account, or all keys of a node with an empty signing
 * log and a card (its signed public keys). If it fails, it leaves no files.
 */
export async function newKeys(options: KeysOptions): Promise<void> {
  const places = placesOf(options);
  const { dataDir, passwordFile } = options;
  const taken = places.find(({ file }) => existsSync(file));
  if (taken !== undefined) {
    const next = "see `aethel keys show`, or name another place: a key is never replaced";
    throw failure("KEY_FILE", `${taken.file} exists already`, next);
  }
  if (dataDir === undefined) {
    const password = await readPassword({ file: passwordFile, confirm: "twice" });
    for (const { purpose, file } of places) await createKeyFile({ file, purpose, password });
  } else {
    await provideNodeKeys(layoutOf(dataDir), { passwordFile });
  }
  await showKeys(options);
  if (dataDir !== undefined && options.json !== true) {
    print(`card       ${layoutOf(dataDir).card}`);
    print(
      "Next: send card.json, and no other file, to the founder who collects them (aethel genesis add).",
    );
  }
  note(
    "The key files are encrypted: without the password they cannot be used, and it cannot be recovered.",
  );
}

/** Runs `aethel keys card`: writes the card (signed public keys) of a node again. */
export async function makeCard(options: KeysOptions & { readonly dataDir: string }): Promise<void> {
  const layout = layoutOf(options.dataDir);
  const password = await readPassword({ file: options.passwordFile, confirm: "once" });
  await writeNodeCard(layout, password);
  const { id, key } = await readCard(layout.card);
  if (options.json === true) {
    print(JSON.stringify({ card: layout.card, id: toHex(id), key: toHex(key) }));
    return;
  }
  print(`account    ${toHex(id)}`);
  print(`consensus  ${toHex(key)}`);
  print(`card       ${layout.card}`);
}

/** Runs `aethel keys show`. */
export async function showKeys(options: KeysOptions): Promise<void> {
  const keys = await Promise.all(
    (await placesThere(options)).map(async ({ purpose, file }) => {
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

/** Lists the existing key files, including those that key rotations made. */
async function placesThere(options: KeysOptions): Promise<readonly KeyPlace[]> {
  const { dataDir } = options;
  const places = placesOf(options);
  if (dataDir === undefined) return places;
  const files = await consensusKeyFiles(layoutOf(dataDir));
  if (files.length === 0) return places;
  const consensus = files.map((file): KeyPlace => ({ purpose: "consensus", file }));
  return [...consensus, ...places.filter(({ purpose }) => purpose !== "consensus")];
}

function placesOf({ dataDir, file }: KeysOptions): readonly KeyPlace[] {
  if (file !== undefined) return [{ purpose: "account", file: path.resolve(file) }];
  if (dataDir === undefined) {
    const next = "give --data-dir DIR for a node's keys, or --file FILE for an account's";
    throw failure("USAGE", "neither --data-dir nor --file was given", next);
  }
  const layout = layoutOf(dataDir);
  return [
    { purpose: "consensus", file: layout.consensusKey },
    { purpose: "network", file: layout.networkKey },
    { purpose: "account", file: layout.accountKey },
  ];
}
