import { ModelsError } from "../errors.ts";
import { Genesis, genesisProblems } from "../ledger/genesis.ts";
import type { GenesisReading, GenesisRule } from "./reading.ts";
import type { PlacedProblem } from "./source.ts";

/** Greatest number of characters of a text: enough for the largest genesis in JSON with spaces. */
const JSON_LENGTH_MAX = 67_108_864;

/** Reads the JSON form of a genesis, which programs exchange. `GET /genesis` returns it. */
export function readJson(text: string, rules: readonly GenesisRule[]): GenesisReading {
  const repair = "fetch the file again: programs write this form";
  const problem = (path: string, what: string): GenesisReading => ({
    ok: false,
    problems: [{ line: 1, column: 1, path, what, repair }],
  });
  if (text.length > JSON_LENGTH_MAX) {
    return problem("", `the file has ${text.length} characters, more than ${JSON_LENGTH_MAX}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return problem("", `the text is not JSON (${String(error)})`);
  }
  try {
    const genesis = Genesis.fromJson(json);
    const found = [genesisProblems, ...rules].flatMap((rule) => rule(genesis));
    const problems = found.map(
      ({ path, what, repair: advice }): PlacedProblem => ({
        line: 1,
        column: 1,
        path,
        what,
        repair: advice,
      }),
    );
    return problems.length === 0 ? { ok: true, genesis } : { ok: false, problems };
  } catch (error) {
    if (!(error instanceof ModelsError) || error.fault.code !== "DECODE") throw error;
    return problem(error.fault.field, error.fault.reason);
  }
}
