import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createSigner, fromHex, type PublicKey, toPublicKey } from "@aethel/models";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import type { Layout } from "../files/layout.ts";
import { createSigningState } from "../files/signing-state.ts";
import { createKeyFile, openKeyFile, readKeyFile } from "./key-file.ts";
import { readPassword } from "./password.ts";
import { writeCard } from "./validator-card.ts";

/** Public keys of a node. */
export interface NodeKeys {
  readonly consensus: PublicKey;
  readonly network: PublicKey;
  readonly account: PublicKey;
  /**
   * Whether the consensus key existed without its signing log. It may then have signed messages
   * that no log has.
   */
  readonly mayHaveSigned: boolean;
  /** Removes the files that were made. For a caller that fails later. */
  undo(): Promise<void>;
}

/**
 * Provides the three keys of a node. Uses the existing keys and makes the missing ones. A new
 * consensus key gets an empty signing log. An existing key without a log gets none, since it may
 * have signed. Writes a card (the signed public keys) only if all three keys are new.
 */
export async function provideNodeKeys(
  layout: Layout,
  options: { readonly passwordFile: string | undefined; readonly log2N?: number },
): Promise<NodeKeys> {
  const places = [
    { file: layout.consensusKey, purpose: "consensus" },
    { file: layout.networkKey, purpose: "network" },
    { file: layout.accountKey, purpose: "account" },
  ] as const;
  const missing = places.filter(({ file }) => !existsSync(file));
  if (missing.some(({ purpose }) => purpose === "consensus")) refuseForeignLog(layout);
  const made: string[] = [];
  const undo = async (): Promise<void> => {
    for (const file of made.toReversed()) await rm(file, { force: true });
  };
  try {
    if (missing.length > 0) {
      const password = await readPassword({ file: options.passwordFile, confirm: "twice" });
      const cost = options.log2N === undefined ? {} : { log2N: options.log2N };
      for (const { file, purpose } of missing) {
        await createKeyFile({ file, purpose, password, ...cost });
        made.push(file);
        if (purpose !== "consensus") continue;
        await createSigningState(layout);
        made.push(layout.signingLog);
      }
      // Existing keys may have another password: `aethel keys card` writes their card.
      if (missing.length === places.length) {
        await writeNodeCard(layout, password);
        made.push(layout.card);
      }
    }
    const [consensus, network, account] = await Promise.all(
      places.map(async ({ file, purpose }) => {
        const { publicKey } = await readKeyFile(file, purpose);
        return toPublicKey(fromHex(publicKey));
      }),
    );
    if (consensus === undefined || network === undefined || account === undefined) {
      throw new TypeError("three places give three keys");
    }
    const mayHaveSigned = !existsSync(layout.signingLog);
    return { consensus, network, account, mayHaveSigned, undo };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** Writes the card (the signed public keys) of a node. */
export async function writeNodeCard(layout: Layout, password: string): Promise<void> {
  const open = (file: string, purpose: "consensus" | "account"): Promise<Uint8Array> =>
    openKeyFile({ file, purpose, password });
  const consensus = createSigner(await open(layout.consensusKey, "consensus"));
  const account = createSigner(await open(layout.accountKey, "account"));
  const network = await readKeyFile(layout.networkKey, "network");
  const networkKey = toPublicKey(fromHex(network.publicKey));
  await writeFileAtomic(layout.card, writeCard({ account, consensus, networkKey }));
}

/**
 * Refuses a signing log without a consensus key. The log belongs to another key, or its key was
 * lost.
 */
function refuseForeignLog({ signingLog, consensusKey }: Layout): void {
  if (!existsSync(signingLog)) return;
  throw failure(
    "SIGNING_STATE",
    `${signingLog} exists, and its key ${consensusKey} does not`,
    "put the key back; or, if it is lost for good, move the log away and run this again",
  );
}
