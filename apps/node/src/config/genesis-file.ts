import { readFile } from "node:fs/promises";
import path from "node:path";
import { checkGenesis, type Genesis } from "@aethel/models";
import {
  explainProblems,
  type GenesisReading,
  type Problem,
  readGenesisDraft,
  readGenesisFile,
  writeGenesisFile,
} from "@aethel/models/genesis-file";
import { findEconomicProblems } from "@aethel/rewards";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";

/** Writes a genesis as YAML with comments. Amounts are in tokens. */
export async function writeGenesis(file: string, genesis: Genesis): Promise<void> {
  await writeFileAtomic(file, writeGenesisFile(checkGenesis(genesis)));
}

/**
 * Reads a genesis, as YAML or as the JSON of `GET /genesis`.
 * @throws NodeError `GENESIS` with a line for each problem. `next`: next step for the user if the
 * file cannot be read.
 */
export async function readGenesis(
  file: string,
  next = "correct the path, or copy the chain's file there",
): Promise<Genesis> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw failure("GENESIS", `the genesis file ${file} cannot be read`, next, cause);
  });
  return genesisOf(file, readGenesisFile(text, { rules: [economicRule] }));
}

/**
 * Reads a draft, a genesis that may lack validators. @throws NodeError `GENESIS` as `readGenesis`
 * does.
 */
export function checkDraft(file: string, text: string): Genesis {
  return genesisOf(file, readGenesisDraft(text, { rules: [economicRule] }));
}

/**
 * Formats a draft with parameters set as `name=value`. Each value has the form that it has in the
 * file.
 * @throws NodeError `USAGE` for an unknown parameter.
 */
export function draftText(genesis: Genesis, settings: readonly string[]): string {
  return settings.reduce((text, setting) => {
    const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(setting) ?? [];
    const line = new RegExp(`^  ${name}: .*$`, "m");
    if (name !== "" && name !== "judge" && line.test(text)) {
      return text.replace(line, () => `  ${name}: ${value}`);
    }
    const next = 'give --set NAME=VALUE, such as --set epochMs="50 s"';
    throw failure("USAGE", `${setting} sets no parameter of a chain`, next);
  }, writeGenesisFile(genesis));
}

/**
 * Sets parameters of a genesis as `name=value`. @throws NodeError `USAGE` as `checkSettings` does.
 */
export function withSettings(genesis: Genesis, settings: readonly string[]): Genesis {
  if (settings.length === 0) return genesis;
  const text = draftText(genesis, settings);
  checkSettings(text, settings);
  return genesisOf("what these settings make", readGenesisFile(text, { rules: [economicRule] }));
}

/**
 * Checks a draft that was built from settings, before it is written to a file.
 * @throws NodeError `USAGE` with all problems in one line.
 */
export function checkSettings(text: string, settings: readonly string[]): void {
  const reading = readGenesisDraft(text, { rules: [economicRule] });
  if (reading.ok) return;
  // A draft has no validators yet; the reading reports that beside any other problem.
  const problems = reading.problems.filter((each) => each.path !== "validators");
  const [first = reading.problems[0], ...others] = problems;
  const what = first === undefined ? "no draft can be made" : sentenceOf(first);
  const next = `correct --set ${settings.join(" ")}; no file was written`;
  throw failure("USAGE", what, next).explainedBy(others.map(sentenceOf));
}

function sentenceOf({ path: where, what, repair }: Omit<Problem, "involves">): string {
  return `${where} ${what}: ${repair}`;
}

function genesisOf(file: string, reading: GenesisReading): Genesis {
  if (reading.ok) return reading.genesis;
  const { problems } = reading;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const next = "correct it, or copy the chain's file again: it must be the same on every node";
  throw failure("GENESIS", `${file} is not a valid genesis (${count}, below)`, next).explainedBy(
    explainProblems(path.basename(file), problems).split("\n"),
  );
}

/** Lists the economic problems of a genesis, each at the path of its parameter. */
function economicRule({ parameters }: Genesis): readonly Problem[] {
  return findEconomicProblems(parameters).map((text) => {
    const [, name = "", repair = text] = /^(\w+) (must .*)$/.exec(text) ?? [];
    const path = name === "" ? "parameters" : `parameters.${name}`;
    return { path, what: "does not work", repair, involves: [] };
  });
}
