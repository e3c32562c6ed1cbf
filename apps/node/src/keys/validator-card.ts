import { readFile } from "node:fs/promises";
import {
  type AccountId,
  concatBytes,
  type Digest,
  fromHex,
  type PublicKey,
  type Signable,
  type Signer,
  toAccountId,
  toDigest,
  toHex,
  toPublicKey,
  toSignature,
  verifySigned,
} from "@aethel/models";
import { z } from "zod";
import { failure } from "../failure/failure.ts";

/**
 * Card that a founding validator gives to the others: its public keys with a proof of possession.
 */
export interface ValidatorCard {
  /** Account that will own the stake. */
  readonly id: AccountId;
  /** Public consensus key of the founding validator. */
  readonly key: PublicKey;
  /** Public key from which the node's peer id is derived. */
  readonly networkKey: PublicKey;
}

const hex = (bytes: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes * 2} hex digits are needed`);

/**
 * Content of a card file. The account key and the consensus key sign it. So nobody can found a
 * validator with somebody else's consensus key (Ristenpart and Yilek, The Power of
 * Proofs-of-Possession, 2007) or account.
 */
const CardFile = z.strictObject({
  format: z.literal("aethel-validator"),
  version: z.literal(1),
  id: hex(32),
  key: hex(32),
  networkKey: hex(32),
  signatures: z.strictObject({ account: hex(64), consensus: hex(64) }),
});

/** Writes the text of a card. */
export function writeCard(owners: {
  readonly account: Signer;
  readonly consensus: Signer;
  readonly networkKey: PublicKey;
}): string {
  const { account, consensus, networkKey } = owners;
  const card = { id: toAccountId(account.publicKey), key: consensus.publicKey, networkKey };
  const signable = signableCard(card);
  const file: z.infer<typeof CardFile> = {
    format: "aethel-validator",
    version: 1,
    id: toHex(card.id),
    key: toHex(card.key),
    networkKey: toHex(card.networkKey),
    signatures: {
      account: toHex(account.sign(signable)),
      consensus: toHex(consensus.sign(signable)),
    },
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Reads a card. @throws NodeError `FILE` if it is not a card, or if the keys in it did not sign it.
 */
export async function readCard(file: string): Promise<ValidatorCard> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const next = "name the card of a validator: `aethel keys new` wrote it as card.json";
    throw failure("FILE", `the card ${file} cannot be read`, next, cause);
  });
  const parsed = CardFile.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where =
      issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
    const next =
      "ask its owner for card.json, which `aethel keys new` wrote, and for no other file";
    throw failure("FILE", `${file} is no card of a validator${where}`, next, parsed.error);
  }
  const { id, key, networkKey, signatures } = parsed.data;
  const card = {
    id: toAccountId(fromHex(id)),
    key: toPublicKey(fromHex(key)),
    networkKey: toPublicKey(fromHex(networkKey)),
  };
  for (const [owner, by] of [
    ["account", toPublicKey(card.id)],
    ["consensus", card.key],
  ] as const) {
    const signature = toSignature(fromHex(signatures[owner]));
    if (verifySigned(by, signableCard(card), signature)) continue;
    const next = "copy the card again from its owner; if that does not help, do not use it";
    throw failure("FILE", `${file} is not signed by the ${owner} key that it names`, next);
  }
  return card;
}

/** Genesis hash in the signatures: zeros, since a card is made before there is a chain. */
const NO_CHAIN: Digest = toDigest(new Uint8Array(32));

function signableCard({ id, key, networkKey }: ValidatorCard): Signable {
  return { tag: "validator-card", genesis: NO_CHAIN, bytes: concatBytes(id, key, networkKey) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
