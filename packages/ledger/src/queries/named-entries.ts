import { type AccountId, assertNever, type Call, type Invoke, toHex } from "@aethel/models";
import type { CalledIntents, CalledProgram } from "../calls/find-program.ts";
import { signersOf } from "../calls/fit-calls.ts";
import type { LedgerState } from "../state/ledger-state.ts";
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

/** Whether the state has a key. */
type Has = (key: Uint8Array) => boolean;

/**
 * Returns the most entries that an invoke can create in the state: new accounts, a holding of each
 * asset for each account, records of stakers, and a consensus key. Searches the texts of plain
 * intents for assets and stakes instead of compiling them. `programs`: program of each call.
 */
export function namedEntries(
  body: Invoke,
  programs: readonly CalledProgram[],
  state: LedgerState,
): number {
  const has: Has = (key) => state.tree.get(key) !== undefined;
  let entries = body.cosigners.filter(({ account }) => !has(stateKey.account(account))).length;
  const newcomers = new Set<string>();
  const signers = new Set(signersOf(body).map(toHex));
  for (const [at, call] of body.calls.entries()) {
    const program = programs[at];
    if (program === undefined) continue;
    for (const [name, id] of accountsIn(call)) {
      if (!signers.has(name) && !has(stateKey.account(id))) newcomers.add(name);
    }
    entries += entriesOf(call, program, has);
  }
  return entries + newcomers.size;
}

/** Returns the most entries that a call can create, the accounts among its arguments apart. */
function entriesOf(call: Call, program: CalledProgram, has: Has): number {
  switch (program.kind) {
    case "intents":
      return entriesOfIntents(call, program, has);
    case "contract":
      return program.published.entries;
    default:
      return assertNever(program);
  }
}

function entriesOfIntents(call: Call, { record }: CalledIntents, has: Has): number {
  const text = new TextDecoder().decode(record.canonical);
  const assets = (DECLARATIONS.exec(text)?.[0] ?? "").split("\n").length - 1;
  const stakes = STAKE.test(text);
  let entries = record.origin === "genesis" ? 1 : 0;
  for (const id of accountsIn(call).values()) {
    entries += assets;
    if (stakes && !has(stateKey.validator(id))) entries += ENTRIES_OF_STAKER;
  }
  return entries;
}

/** Returns the accounts among the arguments of a call by their ids in hexadecimal digits. */
function accountsIn(call: Call): ReadonlyMap<string, AccountId> {
  const named = new Map<string, AccountId>();
  for (const argument of call.arguments) {
    if (argument.type === "account") named.set(toHex(argument.value), argument.value);
  }
  return named;
}
