import { readFile } from "node:fs/promises";
import { AethelError, checkGenesis, Genesis, ModelsError } from "@aethel/models";
import { factsOf, failure } from "../cli/failure.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";

/** Writes a genesis in the form for people: bytes as hex, integers as decimal strings. */
export async function writeGenesis(file: string, genesis: Genesis): Promise<void> {
  const json = Genesis.toJson(checkGenesis(genesis));
  await writeFileAtomic(file, `${JSON.stringify(json, undefined, 2)}\n`);
}

/** @throws NodeError `GENESIS` with everything that is to be mended. */
export async function readGenesis(file: string): Promise<Genesis> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const next = "make one with `aethel init`, or copy the chain's file there";
    throw failure("GENESIS", `the genesis file ${file} cannot be read`, next, cause);
  });
  try {
    return checkGenesis(Genesis.fromJson(JSON.parse(text)));
  } catch (cause) {
    const next = "copy the chain's genesis file again: it must be the same on every node";
    throw failure("GENESIS", `${file} is not a sound genesis (${reasonOf(cause)})`, next, cause);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ModelsError && error.fault.code === "GENESIS") {
    return error.fault.problems.join("; ");
  }
  if (error instanceof AethelError) return factsOf(error);
  return error instanceof Error ? error.message : String(error);
}
