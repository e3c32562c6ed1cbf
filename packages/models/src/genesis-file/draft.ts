import { isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { compareBytes, toHex } from "../bytes.ts";
import {
  Genesis,
  type GenesisAccount,
  type GenesisValidator,
  genesisProblems,
} from "../ledger/genesis.ts";
import { parseGenesis, readGenesisFile } from "./read.ts";
import type { GenesisReading, GenesisRule } from "./reading.ts";
import { tokens } from "./units.ts";
import { writeGenesisFile } from "./write.ts";

/** Founding validator, and the account that holds its balance. */
export interface Founder {
  readonly validator: GenesisValidator;
  /**
   * Account with the balance that the founder has in addition to the stake. Undefined if there is
   * no such balance.
   */
  readonly account: GenesisAccount | undefined;
}

/**
 * Reads a draft: a genesis file that may still have no validators, and is sound otherwise. Only a
 * YAML file can be a draft.
 */
export function readGenesisDraft(
  text: string,
  options: { readonly rules?: readonly GenesisRule[] } = {},
): GenesisReading {
  const reading = readGenesisFile(text, options);
  if (reading.ok || reading.problems.length !== 1) return reading;
  const parsed = /^\s*\{/.test(text) ? undefined : parseGenesis(text);
  if (parsed === undefined || !("genesis" in parsed)) return reading;
  const { genesis, reader } = parsed;
  const isEmptiness = reading.problems[0]?.path === "validators";
  const isWhole = reader.problems.length === 0 && genesis.validators.length === 0;
  return isEmptiness && isWhole ? { ok: true, genesis } : reading;
}

/**
 * Adds a founder to a genesis. Validators and accounts stay in the order of their ids, so the
 * digest does not depend on the order in which founders are added.
 */
export function addFounder(genesis: Genesis, { validator, account }: Founder): Genesis {
  const { validators, accounts } = genesis;
  return {
    ...genesis,
    validators: insertById(validators, validator),
    accounts: account === undefined ? accounts : insertById(accounts, account),
  };
}

/**
 * Lists the problems that adding a founder would cause, one sentence each; empty if there are none.
 */
export function findFounderProblems(genesis: Genesis, founder: Founder): readonly string[] {
  const known = new Set(genesisProblems(genesis).map(({ path, what }) => `${path} ${what}`));
  return genesisProblems(addFounder(genesis, founder))
    .filter(({ path, what }) => !known.has(`${path} ${what}`))
    .map(({ path, what, repair }) => `${path} ${what}: ${repair}`);
}

/**
 * Adds a founder to the text of a draft. `readGenesisDraft` MUST accept the draft. Keeps comments
 * and layout where possible.
 */
export function addFounderToFile(text: string, founder: Founder): string {
  const reading = readGenesisDraft(text);
  const expected = reading.ok ? addFounder(reading.genesis, founder) : undefined;
  if (expected === undefined) throw new TypeError("the text is no sound draft");
  const edited = editText(text, founder);
  const again = edited === undefined ? undefined : readGenesisDraft(edited);
  const isSame = again?.ok === true && toHex(hash(again.genesis)) === toHex(hash(expected));
  // A file of an unusual form is written anew, without its comments.
  return isSame && edited !== undefined ? edited : writeGenesisFile(expected);
}

const hash = (genesis: Genesis): Uint8Array => Genesis.digest(genesis);

function insertById<T extends { readonly id: Uint8Array }>(items: readonly T[], item: T): T[] {
  const later = items.findIndex(({ id }) => compareBytes(id, item.id) > 0);
  return items.toSpliced(later === -1 ? items.length : later, 0, item);
}

function editText(text: string, { validator, account }: Founder): string | undefined {
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false, merge: false });
  const root = document.contents;
  if (!isMap(root)) return undefined;
  const insert = (name: string, id: string, fields: Readonly<Record<string, string>>): boolean => {
    const list: unknown = root.get(name, true);
    if (!isSeq(list)) return false;
    list.flow = false;
    list.items.splice(placeOf(list, id), 0, document.createNode({ id, ...fields }));
    return true;
  };
  const done =
    insert("validators", `0x${toHex(validator.id)}`, {
      key: `0x${toHex(validator.key)}`,
      stake: tokens.format(validator.stake),
    }) &&
    (account === undefined ||
      insert("accounts", `0x${toHex(account.id)}`, { balance: tokens.format(account.balance) }));
  return done ? document.toString({ lineWidth: 0 }) : undefined;
}

/** Returns the position before the first entry with a higher id. */
function placeOf({ items }: YAMLSeq, id: string): number {
  const later = items.findIndex((item) => isMap(item) && idOf(item) > id);
  return later === -1 ? items.length : later;
}

function idOf(item: YAMLMap): string {
  const id: unknown = item.get("id", true);
  const text = isScalar(id) ? String(id.value).toLowerCase() : "";
  return text.startsWith("0x") ? text : `0x${text}`;
}
