import { readdir } from "node:fs/promises";
import path from "node:path";
import { createSigner, equalBytes, type Signer } from "@aethel/models";
import { failure } from "../failure/failure.ts";
import type { Layout } from "../files/layout.ts";
import { openKeyFile } from "./key-file.ts";

/** Consensus keys that a node holds. There are several if the validator has rotated its key. */
export interface KeyRing {
  /** Signers, oldest key first. The list grows while the node runs, so it MUST NOT be copied. */
  readonly signers: readonly [Signer, ...Signer[]];
  /**
   * Loads new key files and returns their signers. A file that cannot be decrypted is not tried
   * again under the same name.
   * @throws NodeError `KEY_FILE`, `PASSWORD` about the first file that cannot be decrypted.
   */
  refresh(): Promise<readonly Signer[]>;
}

/** Most consensus keys of a node: the first one and those of rotations. */
const KEYS_MAX = 64;

/**
 * Lists the files of the consensus keys in the order in which they were made: `consensus.json`,
 * `consensus-2.json` and so on. Files are never renamed, so that a crash cannot interrupt a
 * rotation halfway.
 */
export async function consensusKeyFiles(layout: Layout): Promise<readonly string[]> {
  const folder = path.dirname(layout.consensusKey);
  const names = await readdir(folder).catch((): string[] => []);
  const numbers = names.flatMap((name) => {
    const found = /^consensus(?:-([1-9]\d{0,3}))?\.json$/.exec(name);
    return found === null ? [] : [Number(found[1] ?? 1)];
  });
  return [...new Set(numbers)]
    .toSorted((left, right) => left - right)
    .map((number) => consensusKeyFile(layout, number));
}

/**
 * Returns the path for the file of the next key. @throws NodeError `KEY_FILE` if there are too many
 * keys.
 */
export async function nextConsensusKeyFile(layout: Layout): Promise<string> {
  const { length } = await consensusKeyFiles(layout);
  if (length < KEYS_MAX) {
    const last = (await consensusKeyFiles(layout)).at(-1);
    const number = Number(/-(\d+)\.json$/.exec(last ?? "")?.[1] ?? 1);
    return consensusKeyFile(layout, number + 1);
  }
  throw failure(
    "KEY_FILE",
    `${path.dirname(layout.consensusKey)} holds ${length} consensus keys`,
    "move keys away that the chain no longer names; keep them until the node has restarted without a fault",
  );
}

/**
 * Decrypts all consensus keys of a directory with one password. Keeps the password in memory for
 * keys that are added later.
 */
export async function openKeyRing(options: {
  readonly layout: Layout;
  readonly password: string;
}): Promise<KeyRing> {
  const { layout, password } = options;
  const open = async (file: string): Promise<Signer> =>
    createSigner(await openKeyFile({ file, purpose: "consensus", password }));
  const [first = layout.consensusKey, ...rest] = await consensusKeyFiles(layout);
  const known = new Set([first, ...rest]);
  const signers: [Signer, ...Signer[]] = [await open(first)];
  for (const file of rest) signers.push(await open(file));
  return {
    signers,
    async refresh() {
      const fresh: Signer[] = [];
      for (const file of await consensusKeyFiles(layout)) {
        if (known.has(file)) continue;
        known.add(file);
        const signer = await open(file);
        if (signers.some(({ publicKey }) => equalBytes(publicKey, signer.publicKey))) continue;
        signers.push(signer);
        fresh.push(signer);
      }
      return fresh;
    },
  };
}

function consensusKeyFile({ consensusKey }: Layout, number: number): string {
  return number === 1 ? consensusKey : consensusKey.replace(/\.json$/, `-${number}.json`);
}
