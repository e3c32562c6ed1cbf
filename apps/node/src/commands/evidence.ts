import {
  Evidence,
  type EvidenceDefect,
  FalseClaim,
  type FalseClaimDefect,
  type FalseHeader,
  findEvidenceDefect,
  findFalseClaimDefect,
  fromHex,
  hashGenesis,
  hashProof,
  ModelsError,
  toHex,
} from "@aethel/models";
import { createJudge } from "@aethel/verifier";
import { createNodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";
import { formatTokens } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

/**
 * Runs `aethel evidence ID`: checks the evidence for a slash on this machine. Exit code 1 if it
 * does not prove the offence.
 */
export async function evidence(
  id: string,
  options: { readonly url: string; readonly json?: boolean },
): Promise<number> {
  if (!/^[0-9a-f]{64}$/i.test(id)) {
    const next = "give its 64 hex digits, as `aethel validators` shows them";
    throw failure("USAGE", `${id} is no id of evidence`, next);
  }
  const client = createNodeClient(options.url);
  const [found, genesis] = await Promise.all([client.evidence(id), client.genesis()]);
  const item = Evidence.decode(fromHex(found.ssz));
  // From the bytes, not from the node's description of them.
  const problem =
    toHex(Evidence.digest(item)) === id.toLowerCase()
      ? await problemOf(item, findEvidenceDefect(hashGenesis(genesis), item))
      : "the node sent other evidence than requested";
  const { slash } = found;
  if (options.json === true) {
    print(JSON.stringify({ ...found, holds: problem === undefined, problem }));
    return problem === undefined ? 0 : 1;
  }
  const left = `${formatTokens(BigInt(slash.stake))} were left`;
  const rows: readonly (readonly [string, string])[] = [
    ["evidence", `${found.id}   ${item.type}`],
    ["validator", found.validator],
    ["key", found.key],
    ["did", found.detail],
    ["signed", statementsOf(item)],
    ["cost it", `${formatTokens(BigInt(slash.amount))} in block ${slash.sequence}; ${left}`],
    ["checked", problem === undefined ? "here: it holds" : `here: it does NOT hold: ${problem}`],
  ];
  for (const [label, text] of rows) print(`${label.padEnd(11)}${text}`);
  return problem === undefined ? 0 : 1;
}

/** Describes the signed statements that prove the offence. */
function statementsOf(item: Evidence): string {
  switch (item.type) {
    case "double-vote":
    case "double-proposal":
      return `${toHex(item.first.digest)}\n           ${toHex(item.second.digest)}`;
    case "hidden-lock":
      return `COMMIT of ${toHex(item.commit.digest)}, then a view change without it`;
    case "false-header": {
      const claim = readClaim(item);
      if (claim === undefined) return "a block with another application's claim against it";
      return `a block that passes proof ${toHex(hashProof(claim.proof))} for valid`;
    }
  }
}

/** Decodes the claim in evidence; undefined if it is not a claim of this ledger. */
function readClaim({ claim }: FalseHeader): FalseClaim | undefined {
  try {
    return FalseClaim.decode(claim);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

const DEFECTS: Readonly<Record<EvidenceDefect | FalseClaimDefect, string>> = {
  "same-digest": "both statements are for one block",
  unordered: "the statements are not in order",
  "lock-not-hidden": "the view change names the lock",
  "no-lie": "the block does not call the proof valid, and does not leave it out",
  "not-in-block": "the claim is not about the block of the vote",
  "bad-signature": "a signature is not of the key",
};

/**
 * Returns the reason for which evidence does not prove an offence; undefined if it proves one.
 * Evidence of a false header proves one only if the Judge refutes the proof that the header calls
 * valid.
 */
async function problemOf(
  item: Evidence,
  defect: EvidenceDefect | undefined,
): Promise<string | undefined> {
  if (defect !== undefined) return DEFECTS[defect];
  if (item.type !== "false-header") return undefined;
  const claim = readClaim(item);
  if (claim === undefined) return "its claim is none of this ledger's";
  const unfit = findFalseClaimDefect(item.header, claim);
  if (unfit !== undefined) return DEFECTS[unfit];
  const { body } = claim.proof;
  if (body.type !== "publish") return "it is not about an intent";
  await using judge = await createJudge();
  const { resourceLimit } = body;
  const said = await judge.check({ type: "publish", source: body.source }, { resourceLimit });
  if (said.type === "judged" && said.verdict === "refuted") return undefined;
  return `the Judge says ${said.type === "judged" ? said.verdict : said.type} here`;
}
