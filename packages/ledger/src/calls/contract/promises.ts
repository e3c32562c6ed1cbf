import type { ContractChanges, TypedContract, TypedIntent, TypedMap } from "@aethel/verifier";
import type { WriteDefect } from "../write-defect.ts";

/** Account of nobody, which owns no cells. */
const NOBODY = "0".repeat(64);

interface Promised {
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
  readonly changes: ContractChanges;
  readonly signed: ReadonlySet<string>;
}

/**
 * Finds an account that did not sign and whose cells change against the declaration of their map.
 * Without its signature a cell of a `debt` must not rise, and one of a `claim` without an asset
 * must not fall. Claims in one asset must not fall by more in total than the account's holdings of
 * the asset rise. Intents that the declaration names after `unless` are exempt. Undefined if there
 * is no such account.
 */
export function findBrokenPromise({
  contract,
  intent,
  changes,
  signed,
}: Promised): WriteDefect | undefined {
  const bound = new Map<string, TypedMap>();
  for (const map of contract.maps) {
    const { promise } = map;
    if (promise !== undefined && !promise.unless.includes(intent.name)) bound.set(map.name, map);
  }
  if (bound.size === 0) return undefined;
  const losses = new Map<string, Loss>();
  for (const { map: name, keys, before, after } of changes.cells) {
    const promise = bound.get(name)?.promise;
    const [account] = keys;
    if (promise === undefined || typeof account !== "string") continue;
    if (typeof before !== "bigint" || typeof after !== "bigint") continue;
    if (account === NOBODY || signed.has(account)) continue;
    const change = after - before;
    const isBroken =
      promise.kind === "debt" ? change > 0n : promise.asset === undefined && change < 0n;
    if (isBroken) {
      const detail = `${name}[${account}] from ${before} to ${after}, and the account did not sign`;
      return { code: "claims", detail };
    }
    if (promise.kind === "debt" || promise.asset === undefined) continue;
    const { asset } = promise;
    const of = `${account} ${asset}`;
    const { lost } = losses.get(of) ?? { lost: 0n };
    losses.set(of, { account, asset, lost: lost - change });
  }
  return findUnpaid(losses.values(), changes);
}

/** Amount by which the claims of an account in an asset fall in a call. Negative if they rise. */
interface Loss {
  readonly account: string;
  readonly asset: string;
  readonly lost: bigint;
}

function findUnpaid(losses: Iterable<Loss>, changes: ContractChanges): WriteDefect | undefined {
  for (const { account, asset, lost } of losses) {
    const paid = changes.holdings
      .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
      .reduce((sum, { before, after }) => sum + after - before, 0n);
    if (lost <= paid) continue;
    const detail = `claims of ${account} fall by ${lost}, and the account is paid ${paid}`;
    return { code: "claims", detail };
  }
  return undefined;
}
