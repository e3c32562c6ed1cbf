import { type AccountId, type Invoke, toHex } from "@aethel/models";
import { callOf } from "../programs/sole-call.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { IntentRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";

/** Pattern for the declarations of assets at the beginning of a canonical text. */
const DECLARATIONS = /^(?:asset [^\n]*\n)*/;

/** Pattern for the field `stake` in a canonical text. */
const STAKE = /\.stake\b/;

/**
 * Number of entries that a new staker has in the state: its record and the record of its consensus
 * key.
 */
const ENTRIES_OF_STAKER = 2;

/**
 * Returns the most entries that a call can create in the state: new accounts, a holding of each
 * asset for each account, records of stakers, and a consensus key. Searches the program's text for
 * assets and stakes instead of compiling it.
 */
export function namedEntries(body: Invoke, record: IntentRecord, state: LedgerState): number {
  const text = new TextDecoder().decode(record.canonical);
  const signers = new Set(
    [body.author, ...body.cosigners.map(({ account }) => account)].map(toHex),
  );
  const named = new Map<string, AccountId>();
  for (const argument of callOf(body).arguments) {
    if (argument.type === "account") named.set(toHex(argument.value), argument.value);
  }
  const has = (key: Uint8Array): boolean => state.tree.get(key) !== undefined;
  let entries = record.origin === "genesis" ? 1 : 0;
  for (const { account } of body.cosigners) {
    entries += has(stateKey.account(account)) ? 0 : 1;
  }
  const assets = (DECLARATIONS.exec(text)?.[0] ?? "").split("\n").length - 1;
  const stakes = STAKE.test(text);
  for (const [name, id] of named) {
    entries += assets;
    if (!signers.has(name) && !has(stateKey.account(id))) entries += 1;
    if (stakes && !has(stateKey.validator(id))) entries += ENTRIES_OF_STAKER;
  }
  return entries;
}
