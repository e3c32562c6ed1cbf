import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  type AccountId,
  fromHex,
  type SpendingLimit,
  signersOf,
  toAccountId,
  toHex,
} from "@aethel/models";
import type { QuoteBody } from "../api/fee-api.ts";
import type { NodeClient } from "../client/node-client.ts";
import { type AccountNames, createAccountNames } from "../contract/account-names.ts";
import { describeAgreement } from "../contract/agreement.ts";
import { readCallList } from "../contract/call-list.ts";
import { type GivenCall, readCallWords } from "../contract/call-words.ts";
import {
  assetsNamed,
  type ComposedCall,
  composeCalls,
  signersNamed,
} from "../contract/compose-calls.ts";
import { describeComposed, hintsOf } from "../contract/describe-calls.ts";
import { draftTransaction, type Transaction, withLimits } from "../contract/draft.ts";
import { lossesOf, proposeSpending } from "../contract/propose-spending.ts";
import { readSpending, requireLossesWithin } from "../contract/spending.ts";
import type { PartlySigned } from "../contract/transaction-file.ts";
import { failure } from "../failure/failure.ts";
import { readKeyFile } from "../keys/key-file.ts";
import { note, print } from "../terminal/output.ts";
import { isOwnMachine } from "./consent.ts";
import { checkFeeLimit } from "./fee-bound.ts";

/** Options about the content of a transaction. */
export interface ComposeOptions {
  /** Key file of the author. */
  readonly account: string;
  /** File with several calls. Undefined: the words are one call. */
  readonly file?: string;
  /** Accounts that sign beside the author, for guards that ask for a signature. */
  readonly cosigner?: readonly string[];
  /** Most that the signers may lose. Undefined: what a run on the head state takes. */
  readonly spend?: readonly string[];
  readonly limit?: number;
  readonly fee?: bigint;
  readonly maxFee?: bigint;
  readonly tip?: bigint;
  readonly nonce?: number;
  readonly dryRun?: boolean;
  /** Whether a transaction is made although its run does not succeed. */
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Transaction from the command line, before it is signed. */
export interface Composed extends Pick<PartlySigned, "body" | "programs"> {
  /** Lines about all that its signers agree to. They have been shown, except with `--json`. */
  readonly shown: readonly string[];
  /** Reason to ask before it is signed. Undefined: there is none. */
  readonly reason: string | undefined;
}

/**
 * Composes a transaction from the command line, runs it on the head state, and shows all that its
 * signers agree to. Undefined if the run does not succeed.
 * @throws NodeError `REFUSED` for a fee limit that is too high, and for losses beyond `--spend`.
 */
export async function composeTransaction(
  client: NodeClient,
  words: readonly string[],
  options: ComposeOptions,
): Promise<Composed | undefined> {
  const author = (await readKeyFile(options.account, "account", "consensus")).publicKey;
  const accounts = createAccountNames({ author, folder: path.dirname(options.account) });
  const given = await givenCalls(words, options.file);
  const { head } = await client.status();
  const now = BigInt(Math.floor(head.timestamp / 1_000));
  const calls = await composeCalls(client, given, { author, accounts, now });
  const named = options.cosigner ?? [];
  const cosigners = await cosignersOf(calls, { author, accounts, named });
  const id = toAccountId(fromHex(author));
  const draft = await draftTransaction(client, { ...options, calls, author: id, cosigners });
  const quoted = await client.quote(draft);
  const context = { signers: signersOf(draft), accounts, assets: assetsNamed(calls) };
  const needsLimits = calls.some(({ contract }) => contract !== undefined);
  const spending =
    options.spend === undefined
      ? proposeSpending(quoted.run, needsLimits)
      : await readSpending(options.spend, context);
  const feeLimit = options.fee ?? BigInt(quoted.feeLimit);
  const body = withLimits(draft, { feeLimit, spending });
  const { lines: content, assets } = await describeComposed(client, calls);
  const isProposed = options.spend === undefined;
  const facts = { content, assets, run: quoted.run, head: head.sequence, isProposed };
  const shown = describeAgreement(body, facts);
  show({ shown, body, run: quoted.run }, options);
  if (!isFit(quoted.run, options)) return undefined;
  if (options.dryRun !== true) checkFeeLimit(body, options);
  const losses = quoted.run?.type === "run" ? lossesOf(quoted.run) : [];
  if (spending !== undefined && options.force !== true) {
    requireLossesWithin(spending, losses, context);
  }
  const reason = isProposed ? reasonToAsk(client.url, body) : undefined;
  return { body, programs: hintsOf(calls), shown, reason };
}

/** Returns the reason to ask about limits of losses that the author has not stated. */
export function reasonToAsk(url: string, { spending }: Transaction): string | undefined {
  if (isOwnMachine(url) || spending?.length === 0) return undefined;
  if (spending === undefined) {
    return `the node at ${url} is another machine, and losses have no limit`;
  }
  const next = "--spend states them in place of it";
  return `the node at ${url} is another machine, and proposes the limits of losses; ${next}`;
}

async function givenCalls(
  words: readonly string[],
  file: string | undefined,
): Promise<readonly GivenCall[]> {
  if (file === undefined) return [readCallWords(words)];
  if (words.length > 0) {
    throw failure("USAGE", `\`${words[0]}\` stands beside --file`, "put each call into the file");
  }
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw failure("FILE", `${file} cannot be read`, "name a file that is there", cause);
  });
  return readCallList(file, text);
}

async function cosignersOf(
  calls: readonly ComposedCall[],
  given: {
    readonly author: string;
    readonly accounts: AccountNames;
    readonly named: readonly string[];
  },
): Promise<readonly AccountId[]> {
  const asked = await Promise.all(
    given.named.map(async (text) => {
      const account = await given.accounts(text);
      if (account !== undefined) return account;
      const next = "give 64 hex digits, a key file, or a name beside the key file of --account";
      throw failure("USAGE", `--cosigner ${text} names no account`, next);
    }),
  );
  const all = new Set([...signersNamed(calls), ...asked]);
  all.delete(given.author);
  return [...all].map((account) => toAccountId(fromHex(account)));
}

/** Shows a transaction: on standard output for a dry run, else on standard error. */
function show(
  about: {
    readonly shown: readonly string[];
    readonly body: Transaction;
    readonly run: QuoteBody["run"];
  },
  { dryRun, json }: ComposeOptions,
): void {
  const { shown, body, run } = about;
  if (json === true) {
    const isShown = dryRun === true || (run?.type === "run" && run.outcome !== "applied");
    if (isShown) print(JSON.stringify({ ...dryRunJson(body, run), agreement: shown }));
    return;
  }
  const say = dryRun === true ? print : note;
  for (const line of shown) say(line);
}

function dryRunJson(body: Transaction, run: QuoteBody["run"]): object {
  const { feeLimit, spending } = body;
  return { feeLimit: String(feeLimit), run, spending: spending?.map(limitJson) };
}

function limitJson({ signer, asset, amount }: SpendingLimit): object {
  return { signer, asset: toHex(asset), amount: String(amount) };
}

/**
 * Tells whether a transaction is worth its fee: its run succeeded, was not possible, or does not
 * matter (`--force`).
 * @throws NodeError `REFUSED` if no mempool would accept it.
 */
function isFit(run: QuoteBody["run"], { force }: ComposeOptions): boolean {
  if (run?.type === "refused") {
    throw failure("REFUSED", `${run.code}: ${run.message}`, "correct the call");
  }
  if (run?.type !== "run" || run.outcome === "applied" || force === true) return true;
  note("aethel: nothing was submitted, since it would only cost its fee. Next: correct the call.");
  return false;
}
