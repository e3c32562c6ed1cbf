import { readFile } from "node:fs/promises";
import {
  type Digest,
  equalBytes,
  fromHex,
  ModelsError,
  type Proof,
  ProofBody,
  type Signature,
  signersOf,
  toDigest,
  toHex,
  toPublicKey,
  toSignature,
  verifySigned,
} from "@aethel/models";
import { z } from "zod";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import type { ProgramHint } from "./describe-calls.ts";
import type { Transaction } from "./draft.ts";

const hex = z.string().regex(/^([0-9a-f]{2})*$/);

/** File with a transaction and some of its signatures. */
const TransactionFile = z.strictObject({
  format: z.literal("aethel-transaction-1"),
  /** Genesis hash of the chain for which it is signed. */
  chain: hex.length(64),
  /** Canonical bytes of the transaction (`ProofBody`). */
  body: hex,
  /** Programs of the calls, for people; nobody relies on them. */
  programs: z.array(
    z.strictObject({ contract: hex.length(64).optional(), intent: z.string().max(128) }),
  ),
  signatures: z.record(hex.length(64), hex.length(128)),
});

/** Transaction with some of its signatures, by account in hexadecimal digits. */
export interface PartlySigned {
  readonly chain: Digest;
  readonly body: Transaction;
  readonly programs: readonly ProgramHint[];
  readonly signatures: ReadonlyMap<string, Signature>;
}

/** Writes a transaction with the signatures so far. */
export async function writeTransaction(file: string, given: PartlySigned): Promise<void> {
  const { chain, body, programs, signatures } = given;
  const content: z.infer<typeof TransactionFile> = {
    format: "aethel-transaction-1",
    chain: toHex(chain),
    body: toHex(ProofBody.encode(body)),
    programs: [...programs],
    signatures: Object.fromEntries(
      [...signatures].map(([account, signature]) => [account, toHex(signature)]),
    ),
  };
  await writeFileAtomic(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Reads files with the same transaction and joins their signatures, each of which is verified.
 * @throws NodeError `FILE` for a file that cannot be read, another transaction, or a wrong
 * signature.
 */
export async function readTransactions(files: readonly string[]): Promise<PartlySigned> {
  const all = await Promise.all(files.map(readTransaction));
  const [first] = all;
  const [name = ""] = files;
  if (first === undefined) throw failure("USAGE", "no file is named", "give --signatures FILE...");
  const signatures = new Map<string, Signature>();
  for (const [at, one] of all.entries()) {
    const isSame =
      equalBytes(one.chain, first.chain) &&
      equalBytes(ProofBody.encode(one.body), ProofBody.encode(first.body));
    if (!isSame) {
      const next =
        "have the same file signed by all: whoever signs last gets it from the one before";
      throw failure("FILE", `${files[at]} has another transaction than ${name}`, next);
    }
    for (const [account, signature] of one.signatures) signatures.set(account, signature);
  }
  return { ...first, signatures };
}

async function readTransaction(file: string): Promise<PartlySigned> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw failure("FILE", `${file} cannot be read`, "name a file that is there", cause);
  });
  const parsed = TransactionFile.safeParse(jsonOf(text));
  const next = "name a file that `aethel call --sign-only` wrote";
  if (!parsed.success) throw failure("FILE", `${file} has no transaction`, next, parsed.error);
  const body = bodyOf(fromHex(parsed.data.body));
  if (body === undefined) throw failure("FILE", `${file} has no transaction of calls`, next);
  const chain = toDigest(fromHex(parsed.data.chain));
  const signatures = new Map<string, Signature>();
  for (const [account, digits] of Object.entries(parsed.data.signatures)) {
    const signature = toSignature(fromHex(digits));
    if (!isSignature({ chain, body, account, signature })) {
      throw failure("FILE", `${file} has a signature of ${account} that does not fit`, next);
    }
    signatures.set(account, signature);
  }
  return { chain, body, programs: parsed.data.programs, signatures };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bodyOf(bytes: Uint8Array): Transaction | undefined {
  try {
    const body = ProofBody.decode(bytes);
    return body.type === "invoke" ? body : undefined;
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

function isSignature(given: {
  readonly chain: Digest;
  readonly body: Transaction;
  readonly account: string;
  readonly signature: Signature;
}): boolean {
  const { chain, body, account, signature } = given;
  const signer = signersOf(body).find((each) => toHex(each) === account);
  if (signer === undefined) return false;
  const object = { tag: "proof", genesis: chain, bytes: ProofBody.encode(body) } as const;
  return verifySigned(toPublicKey(signer), object, signature);
}

/**
 * Joins a transaction with its signatures to a proof. `files` are those that it was read from, if
 * it was.
 * @throws NodeError `REFUSED` that names the accounts whose signature is missing.
 */
export function completeProof(given: PartlySigned, files: readonly string[] = []): Proof {
  const { body, signatures } = given;
  const signers = signersOf(body).map(toHex);
  const missing = missingSigners(given);
  if (missing.length > 0) {
    const own = files.length === 0 ? "keep the transaction with --sign-only tx.json; then " : "";
    const named = files.length === 0 ? ["tx.json"] : files;
    const next = `${own}${nextSignature(named, missing.length)}`;
    throw failure("REFUSED", `the signature of ${missing.join(", ")} is missing`, next);
  }
  return { body, signatures: signers.flatMap((account) => signatures.get(account) ?? []) };
}

/** Lists the accounts whose signature a transaction still needs. */
export function missingSigners({ body, signatures }: PartlySigned): readonly string[] {
  return signersOf(body)
    .map(toHex)
    .filter((account) => !signatures.has(account));
}

/** Tells how a transaction in files gets what it needs: a number of signatures, or to be sent. */
export function nextSignature(files: readonly string[], missing: number): string {
  const command = `aethel call --signatures ${files.join(" ")}`;
  if (missing === 0) return `send it: ${command}`;
  if (missing === 1) return `let the other sign and send it: ${command} --account KEYFILE`;
  return `let each sign it: ${command} --account KEYFILE --sign-only FILE`;
}
