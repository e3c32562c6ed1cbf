import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { failure } from "../failure/failure.ts";

/** Sample proof: a file of `examples/` at the root of the repository. */
export interface Sample {
  /** File name without its ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * Expected result. The Judge must refuse the files whose names begin with `false-` or `refused-`.
   */
  readonly expectation: "valid" | "refused";
}

/** Sample proofs, sorted by name. */
export interface Samples {
  readonly theorems: readonly Sample[];
  readonly intents: readonly Sample[];
  readonly contracts: readonly Sample[];
}

const examples = new URL("../../../../examples/", import.meta.url);

/** Reads the samples. @throws NodeError `FILE` when the folder `examples/` is missing. */
export async function readSamples(): Promise<Samples> {
  return {
    theorems: await readFolder("theorems", ".smt2"),
    intents: await readFolder("intents", ".ae"),
    contracts: await readFolder("contracts", ".ae"),
  };
}

async function readFolder(folder: string, ending: string): Promise<readonly Sample[]> {
  const url = new URL(`${folder}/`, examples);
  try {
    const files = (await readdir(url)).filter((file) => file.endsWith(ending));
    const names = files.map((file) => file.slice(0, -ending.length)).toSorted(byText);
    return await Promise.all(
      names.map(async (name) => ({
        name,
        bytes: new Uint8Array(await readFile(new URL(`${name}${ending}`, url))),
        expectation: /^(false|refused)-/.test(name) ? "refused" : "valid",
      })),
    );
  } catch (cause) {
    const next = "run the demonstration from a whole clone of the repository";
    throw failure("FILE", `${fileURLToPath(url)} cannot be read`, next, cause);
  }
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
