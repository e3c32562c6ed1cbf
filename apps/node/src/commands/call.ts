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
import { describeForeign } from "../contract/describe-calls.ts";
import {
  completeProof,
  missingSigners,
  nextSignature,
  type PartlySigned,
  readTransactions,
  writeTransaction,
} from "../contract/transaction-file.ts";
import { failure } from "../failure/failure.ts";
import { note, print } from "../terminal/output.ts";
import { openAuthor } from "./author.ts";
import { type ComposeOptions, composeTransaction } from "./compose-call.ts";
import { describeReceipt, exitCodeFor, type SendOptions, sendProof } from "./send-proof.ts";

interface CallOptions extends SendOptions, Omit<ComposeOptions, "account"> {
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
  const chain = hashGenesis(await client.genesis());
  const signer = await openAuthor({ ...options, account });
  const unsigned = { ...composed, chain, signatures: new Map() };
  return await deliver(client, signed(unsigned, signer), options);
}

/** Continues with a transaction from files: adds the signature of `--account` if it is given. */
async function finish(
  client: NodeClient,
  files: readonly string[],
  options: CallOptions,
): Promise<number> {
  const found = await readTransactions(files);
  await checkChain(client, found.chain);
  if (options.json !== true) {
    for (const line of await describeForeign(client, found.body, found.programs)) note(line);
  }
  const { account } = options;
  if (account === undefined) return await deliver(client, found, options);
  const signer = await openAuthor({ ...options, account });
  return await deliver(client, signed(found, signer), options);
}

async function checkChain(client: NodeClient, chain: Digest): Promise<void> {
  const own = toHex(hashGenesis(await client.genesis()));
  if (own === toHex(chain)) return;
  const next = "name a node of that chain with --url";
  throw failure("USAGE", `the transaction is for chain ${toHex(chain)}, not ${own}`, next);
}

/** Adds a signature to a transaction. @throws NodeError `USAGE` if the account need not sign it. */
function signed(given: PartlySigned, signer: Signer): PartlySigned {
  const { chain, body } = given;
  const account = toHex(toAccountId(signer.publicKey));
  if (!signersOf(body).some((each) => toHex(each) === account)) {
    const next = "sign with the key of the author or of a cosigner";
    throw failure("USAGE", `the transaction does not need the signature of ${account}`, next);
  }
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
