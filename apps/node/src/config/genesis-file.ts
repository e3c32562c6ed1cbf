import { readFile } from "node:fs/promises";
import path from "node:path";
import { checkGenesis, type Genesis } from "@aethel/models";
import {
  explainProblems,
  type Problem,
  readGenesisFile,
  writeGenesisFile,
} from "@aethel/models/genesis-file";
import { findEconomicProblems } from "@aethel/rewards";
import { failure } from "../cli/failure.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";

/** Writes a genesis in the form for people: YAML with comments, amounts in tokens. */
export async function writeGenesis(file: string, genesis: Genesis): Promise<void> {
  await writeFileAtomic(file, writeGenesisFile(checkGenesis(genesis)));
}

/**
 * Reads the form for people, or the JSON that `GET /genesis` answers.
 *
 * @throws NodeError `GENESIS` with everything that is to be mended, a line for each.
 */
export async function readGenesis(file: string): Promise<Genesis> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const next = "make one with `aethel init`, or copy the chain's file there";
    throw failure("GENESIS", `the genesis file ${file} cannot be read`, next, cause);
  });
  const reading = readGenesisFile(text, { rules: [economicRule] });
  if (reading.ok) return reading.genesis;
  const { problems } = reading;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const next = "mend it, or copy the chain's file again: it must say the same on every node";
  throw failure("GENESIS", `${file} is not a sound genesis (${count}, below)`, next).explainedBy(
    explainProblems(path.basename(file), problems).split("\n"),
  );
}

/** `burnBasisPoints must be a whole number in 4000 .. 10000`, at the place of that parameter. */
function economicRule({ parameters }: Genesis): readonly Problem[] {
  return findEconomicProblems(parameters).map((text) => {
    const [, name = "", mend = text] = /^(\w+) (must .*)$/.exec(text) ?? [];
    const path = name === "" ? "parameters" : `parameters.${name}`;
    return { path, what: "does not work", mend, involves: [] };
  });
}
