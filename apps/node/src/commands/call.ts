import {
  type Digest,
  hashGenesis,
  ProofBody,
  type Signer,
  signersOf,
  toAccountId,
  toHex,
} from "@aethel/models";
import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { describeAgreement, runOf } from "../contract/agreement.ts";
import { describeForeign } from "../contract/describe-calls.ts";
import type { Transaction } from "../contract/draft.ts";
import {
  completeProof,
  missingSigners,
  nextSignature,
  type PartlySigned,
  readTransactions,
  writeTransaction,
} from "../contract/transaction-file.ts";
import { failure } from "../failure/failure.ts";
import { readKeyFile } from "../keys/key-file.ts";
import { note, print } from "../terminal/output.ts";
import { openAuthor } from "./author.ts";
import { type ComposeOptions, composeTransaction } from "./compose-call.ts";
import { type ConsentOptions, consent } from "./consent.ts";
import { checkFeeLimit } from "./fee-bound.ts";
import { describeReceipt, exitCodeFor, type SendOptions, sendProof } from "./send-proof.ts";

interface CallOptions extends SendOptions, ConsentOptions, Omit<ComposeOptions, "account"> {
  readonly account?: string;
  readonly url: string;
  readonly passwordFile?: string;
  /** File to which the transaction and its signatures are written, in place of sending it. */
  readonly signOnly?: string;
  /** Files with a transaction that others have signed. */
  readonly signatures?: readonly string[];
}

/**
 * Runs `aethel call`: exit code 0 if the transaction took effect, or was only shown or signed; 1
 * otherwise.
 */
export async function call(words: readonly string[], options: CallOptions): Promise<number> {
  const client = createNodeClient(options.url);
  const { account, signatures } = options;
  if (signatures !== undefined) return await finish(client, signatures, options);
  if (account === undefined) {
    throw failure("USAGE", "--account is missing", "give --account the key file of the author");
  }
  const composed = await composeTransaction(client, words, { ...options, account });
  if (composed === undefined) return 1;
  if (options.dryRun === true) return 0;
  await consent(composed.shown, composed.reason, options);
  const chain = hashGenesis(await client.genesis());
  const signer = await openAuthor({ ...options, account });
  const { body, programs } = composed;
  const unsigned = { body, programs, chain, signatures: new Map() };
  return await deliver(client, signed(unsigned, signer), options);
}

/**
 * Continues with a transaction from files: shows it, and adds the signature of `--account` if it is
 * given. Since others have composed it, nothing is signed without a question or `--yes`.
 */
async function finish(
  client: NodeClient,
  files: readonly string[],
  options: CallOptions,
): Promise<number> {
  const found = await readTransactions(files);
  await checkChain(client, found.chain);
  const { account, dryRun, json } = options;
  const shown = await describeFound(client, found);
  if (dryRun === true && json === true) print(JSON.stringify({ agreement: shown }));
  else if (json !== true) for (const line of shown) (dryRun === true ? print : note)(line);
  if (dryRun === true) return 0;
  if (account === undefined) return await deliver(client, found, options);
  const { publicKey } = await readKeyFile(account, "account", "consensus");
  checkSigns(found.body, publicKey);
  if (toHex(found.body.author) === publicKey) {
    const { maxFee } = options;
    checkFeeLimit(found.body, maxFee === undefined ? {} : { maxFee }, "others-tip");
  }
  await consent(shown, `${publicKey} agrees to a transaction from a file`, options);
  const signer = await openAuthor({ ...options, account });
  return await deliver(client, signed(found, signer), options);
}

async function describeFound(
  client: NodeClient,
  { body, programs }: PartlySigned,
): Promise<readonly string[]> {
  const { lines: content, assets } = await describeForeign(client, body, programs);
  const [{ head }, run] = await Promise.all([client.status(), runOf(client, body)]);
  return describeAgreement(body, { content, assets, run, head: head.sequence });
}

async function checkChain(client: NodeClient, chain: Digest): Promise<void> {
  const own = toHex(hashGenesis(await client.genesis()));
  if (own === toHex(chain)) return;
  const next = "name a node of that chain with --url";
  throw failure("USAGE", `the transaction is for chain ${toHex(chain)}, not ${own}`, next);
}

/** Checks that an account signs a transaction. @throws NodeError `USAGE`. */
function checkSigns(body: Transaction, account: string): void {
  if (signersOf(body).some((each) => toHex(each) === account)) return;
  const next = "sign with the key of the author or of a cosigner";
  throw failure("USAGE", `the transaction does not need the signature of ${account}`, next);
}

/** Adds a signature to a transaction. */
function signed(given: PartlySigned, signer: Signer): PartlySigned {
  const { chain, body } = given;
  const account = toHex(toAccountId(signer.publicKey));
  const object = { tag: "proof", genesis: chain, bytes: ProofBody.encode(body) } as const;
  const signatures = new Map(given.signatures).set(account, signer.sign(object));
  return { ...given, signatures };
}

/** Writes a transaction to the file of `--sign-only`, or sends it. */
async function deliver(
  client: NodeClient,
  given: PartlySigned,
  options: CallOptions,
): Promise<number> {
  if (options.signOnly !== undefined) {
    await writeTransaction(options.signOnly, given);
    const { length } = signersOf(given.body);
    const next = nextSignature([options.signOnly], missingSigners(given).length);
    note(`${given.signatures.size} of ${length} signatures are in ${options.signOnly}`);
    note(`next: ${next}`);
    return 0;
  }
  const receipt = await sendProof(client, completeProof(given, options.signatures), options);
  if (receipt !== undefined) {
    print(options.json === true ? JSON.stringify(receipt) : describeReceipt(receipt));
  }
  return exitCodeFor(receipt);
}
