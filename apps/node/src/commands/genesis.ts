import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { equalBytes, type Genesis, hashGenesis, toHex } from "@aethel/models";
import {
  addFounder,
  addFounderToFile,
  type Founder,
  findFounderProblems,
} from "@aethel/models/genesis-file";
import { count, group } from "@aethel/terminal";
import { checkDraft, checkSettings, draftText, readGenesis } from "../config/genesis-file.ts";
import { newGenesis, type Pace, tokens } from "../config/new-chain.ts";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { readCard, type ValidatorCard } from "../keys/validator-card.ts";
import { formatDuration, formatTokens } from "../terminal/format.ts";
import { note, print } from "../terminal/output.ts";

/** Next step for the user if a genesis file does not exist. */
const WHERE_FROM = "correct the path, or make a draft with `aethel genesis new FILE`";

interface NewOptions {
  readonly name: string;
  readonly pace: Pace;
  readonly time?: string;
  readonly set?: readonly string[];
}

/** Runs `aethel genesis new`: writes a draft without validators, as YAML to edit. */
export async function newDraft(file: string, options: NewOptions): Promise<void> {
  refuseExisting(file);
  const genesis = newGenesis({
    name: options.name,
    pace: options.pace,
    timestampMs: timeOf(options.time),
    validators: [],
    accounts: [],
  });
  const settings = options.set ?? [];
  const text = draftText(genesis, settings);
  checkSettings(text, settings);
  await writeNew(file, text);
  print(`Draft      ${path.resolve(file)}`);
  print(`Next: aethel genesis add ${file} CARD... --stake TOKENS, once for each validator`);
}

interface AddOptions {
  readonly stake: number;
  readonly balance: number;
}

/**
 * Runs `aethel genesis add`: adds a founding validator for each card. If one card cannot be added,
 * none is.
 */
export async function addValidators(
  file: string,
  cards: readonly string[],
  options: AddOptions,
): Promise<void> {
  refuseRunning(file);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const next = "make one with `aethel genesis new FILE`, or correct the path";
    throw failure("GENESIS", `the draft ${file} cannot be read`, next, cause);
  });
  if (/^\s*\{/.test(text)) {
    const next = "take the YAML file that `aethel genesis new` wrote";
    throw failure("GENESIS", `${file} is JSON, which only programs write`, next);
  }
  let genesis = checkDraft(file, text);
  let edited = text;
  for (const card of cards) {
    const founder = founderOf(await readCard(card), options);
    refuseKnown(file, genesis, founder);
    const [problem] = findFounderProblems(genesis, founder);
    if (problem !== undefined) {
      throw failure(
        "GENESIS",
        `${card} cannot be added: ${problem}`,
        "correct it and add it again",
      );
    }
    edited = addFounderToFile(edited, founder);
    genesis = addFounder(genesis, founder);
    note(`added      ${toHex(founder.validator.id)} with ${group(options.stake)} tokens`);
  }
  await writeFileAtomic(file, edited);
  describe(genesis);
  print(
    "Next: when all are in, give the file to all operators; each compares `aethel genesis hash`.",
  );
}

/** Runs `aethel genesis check`: validates a genesis and describes its chain. */
export async function checkFile(file: string, options: { readonly json?: boolean }): Promise<void> {
  const genesis = await readGenesis(file, WHERE_FROM);
  if (options.json === true) {
    print(JSON.stringify({ file: path.resolve(file), chain: toHex(hashGenesis(genesis)) }));
    return;
  }
  describe(genesis);
}

/**
 * Runs `aethel genesis hash`: prints the id of the chain. Two files with the same content in
 * another format have the same id.
 */
export async function printHash(file: string): Promise<void> {
  print(toHex(hashGenesis(await readGenesis(file, WHERE_FROM))));
}

function describe(genesis: Genesis): void {
  const { validators, timestamp } = genesis;
  const total = validators.reduce((sum, { stake }) => sum + stake, 0n);
  const early = timestamp - Date.now();
  const begins = early > 0 ? `in ${formatDuration(early)}` : `${formatDuration(-early)} ago`;
  print(`Chain      ${toHex(hashGenesis(genesis))}`);
  print(`Begins     ${new Date(timestamp).toISOString()}, ${begins} by this machine's clock`);
  print(
    `Validators ${count(validators.length, "validator")}, ${formatTokens(total)} tokens staked`,
  );
  for (const { id, stake } of validators) {
    const share = total === 0n ? 0 : Number((stake * 1_000n) / total) / 10;
    print(`           ${toHex(id)}  ${formatTokens(stake)} tokens, ${share} %`);
  }
  // A quorum is more than two thirds: the rest of the set has none without this validator.
  const largest = validators.reduce((max, { stake }) => (stake > max ? stake : max), 0n);
  if (validators.length > 1 && largest * 3n >= total) {
    note(
      "one validator has a third of the voting power or more: while it is down nothing becomes final.",
    );
  }
}

function founderOf(card: ValidatorCard, { stake, balance }: AddOptions): Founder {
  const { id, key } = card;
  return {
    validator: { id, key, stake: tokens(stake) },
    account: balance === 0 ? undefined : { id, balance: tokens(balance) },
  };
}

function refuseKnown(file: string, { validators }: Genesis, { validator }: Founder): void {
  const known = validators.find(
    ({ id, key }) => equalBytes(id, validator.id) || equalBytes(key, validator.key),
  );
  if (known === undefined) return;
  const same = equalBytes(known.id, validator.id) ? "validator" : "consensus key of";
  const stake = formatTokens(known.stake);
  throw failure(
    "GENESIS",
    `${file} has the ${same} ${toHex(known.id)} already, with ${stake} tokens`,
    "nothing was changed; to change its stake edit the file",
  );
}

function timeOf(text: string | undefined): number {
  const ms = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw failure("USAGE", `--time ${text} is not a date`, "give one such as 2026-01-31T12:00:00Z");
}

function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  const next = "name another file; a genesis is never replaced";
  throw failure("GENESIS", `${file} exists already`, next);
}

/**
 * Refuses a genesis file inside a data directory. Its chain may be running, and a changed genesis
 * would be another chain.
 */
function refuseRunning(file: string): void {
  if (!existsSync(path.join(path.dirname(path.resolve(file)), "aethel.json"))) return;
  const next = "change the draft, and make new data directories from it with `aethel init`";
  throw failure(
    "GENESIS",
    `${file} belongs to a data directory, so its chain is founded already`,
    next,
  );
}

/** Creates a genesis file. Fails if the file exists. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx").catch((cause: unknown) => {
    const next = "name a file in a folder that exists and is writable";
    throw failure("GENESIS", `${file} cannot be created`, next, cause);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
