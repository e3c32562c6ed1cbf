import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  compareBytes,
  createSigner,
  type Digest,
  findProofDefect,
  ProofBody,
  type Signer,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Transaction } from "../../src/contract/draft.ts";
import {
  completeProof,
  missingSigners,
  nextSignature,
  type PartlySigned,
  readTransactions,
  writeTransaction,
} from "../../src/contract/transaction-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-signatures-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const chain = toDigest(new Uint8Array(32).fill(3));
const [author, ...cosigners] = [1, 2, 3].map((fill) => createSigner(new Uint8Array(32).fill(fill)));
if (author === undefined) throw new Error("three were made");
const sorted = cosigners.toSorted((a, b) => compareBytes(a.publicKey, b.publicKey));
const idOf = (signer: Signer) => toAccountId(signer.publicKey);
const transaction = (amount = 5n): Transaction => ({
  type: "invoke",
  author: idOf(author),
  nonce: toNonce(0),
  resourceLimit: toResource(1_000),
  feeLimit: toAmount(1_000n),
  expiry: toSequence(9),
  calls: [{ intent: chain, arguments: [{ type: "amount", value: toAmount(amount) }] }],
  cosigners: sorted.map((signer) => ({ account: idOf(signer), nonce: toNonce(0) })),
});

function signedFor(genesis: Digest, body: Transaction, signers: readonly Signer[]): PartlySigned {
  const object = { tag: "proof", genesis, bytes: ProofBody.encode(body) } as const;
  const signatures = new Map(signers.map((one) => [toHex(idOf(one)), one.sign(object)]));
  return { chain: genesis, body, programs: [{ intent: "swap" }], signatures };
}

const signedBy = (body: Transaction, ...signers: readonly Signer[]): PartlySigned =>
  signedFor(chain, body, signers);

async function written(name: string, given: PartlySigned): Promise<string> {
  const file = path.join(folder, name);
  await writeTransaction(file, given);
  return file;
}

describe("files with a transaction", () => {
  test("join to a proof that the ledger accepts, in whatever order they come", async () => {
    const body = transaction();
    const files = await Promise.all(
      [author, ...sorted].map((one, at) => written(`${at}.json`, signedBy(body, one))),
    );
    const joined = await readTransactions(files.toReversed());

    expect(joined.body).toEqual(body);
    expect(findProofDefect(chain, completeProof(joined))).toBeUndefined();
  });

  test("name whose signature is missing", async () => {
    const file = await written("lone.json", signedBy(transaction(), author));
    const found = await readTransactions([file]);

    const [second, third] = sorted.map((one) => toHex(idOf(one)));
    expect(() => completeProof(found)).toThrow(`the signature of ${second}, ${third} is missing`);
    expect(missingSigners(found)).toEqual([second, third]);
  });

  test("say what is next, which for a transaction in no file is to keep it in one", async () => {
    const unsigned = signedBy(transaction(), author);
    const nextOf = (next: string) =>
      expect.objectContaining({ fault: expect.objectContaining({ next }) });
    const each = (file: string) =>
      `let each sign it: aethel call --signatures ${file} --account KEYFILE --sign-only FILE`;

    expect(() => completeProof(unsigned)).toThrow(
      nextOf(`keep the transaction with --sign-only tx.json; then ${each("tx.json")}`),
    );
    expect(() => completeProof(unsigned, ["a.json"])).toThrow(nextOf(each("a.json")));
    expect(nextSignature(["a.json", "b.json"], 0)).toBe(
      "send it: aethel call --signatures a.json b.json",
    );
  });

  test("of two transactions are not joined", async () => {
    const one = await written("one.json", signedBy(transaction(5n), author));
    const other = await written("other.json", signedBy(transaction(6n), ...sorted));

    await expect(readTransactions([one, other])).rejects.toThrow(/another transaction/);
  });

  test("of one transaction for two chains are not joined", async () => {
    const elsewhere = toDigest(new Uint8Array(32).fill(4));
    const one = await written("here.json", signedBy(transaction(), author));
    const other = await written("there.json", signedFor(elsewhere, transaction(), sorted));

    await expect(readTransactions([one, other])).rejects.toThrow(/another transaction/);
  });

  test("have a transaction of calls: a publication is none", async () => {
    const file = await written("published.json", signedBy(transaction()));
    const honest = JSON.parse(await readFile(file, "utf8"));
    const { type: _, calls: __, cosigners: ___, ...common } = transaction();
    const source = new TextEncoder().encode("intent nothing() { effect { } }");
    const body = toHex(ProofBody.encode({ ...common, type: "publish", source }));
    await writeFile(file, JSON.stringify({ ...honest, body }));

    await expect(readTransactions([file])).rejects.toThrow(/no transaction of calls/);
  });

  test("are refused when a signature is for another body, of a stranger, or the file is none", async () => {
    const file = await written("forged.json", signedBy(transaction(5n), author));
    const honest = JSON.parse(await readFile(file, "utf8"));
    const forge = async (change: object): Promise<unknown> => {
      await writeFile(file, JSON.stringify({ ...honest, ...change }));
      return await readTransactions([file]);
    };
    const other = toHex(ProofBody.encode(transaction(6n)));
    const [signature] = Object.values(honest.signatures);

    await expect(forge({ body: other })).rejects.toThrow(/does not fit/);
    await expect(forge({ signatures: { ["09".repeat(32)]: signature } })).rejects.toThrow(
      /does not fit/,
    );
    await expect(forge({ chain: "04".repeat(32) })).rejects.toThrow(/does not fit/);
    await expect(forge({ body: "00" })).rejects.toThrow(/no transaction of calls/);
    await expect(forge({ more: 1 })).rejects.toThrow(/has no transaction/);
    await writeFile(file, "{");
    await expect(readTransactions([file])).rejects.toThrow(/has no transaction/);
    await expect(readTransactions([path.join(folder, "gone.json")])).rejects.toThrow(
      /cannot be read/,
    );
  });
});
