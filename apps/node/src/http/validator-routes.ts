import type { ValidatorView } from "@aethel/ledger";
import { fromHex, toAccountId, toHex } from "@aethel/models";
import type { Hono } from "hono";
import type { EvidenceDetail, ValidatorDetail } from "../api/api.ts";
import { evidenceId, wholeEvidence } from "../api/evidence-body.ts";
import { validatorBody } from "../api/to-json.ts";
import { failure } from "../failure/failure.ts";
import type { NodeView } from "./node-view.ts";
import { nextOf, readBytes32, readNatural, readPage } from "./parameters.ts";
import { missing } from "./respond.ts";
import { evidenceOf, explainSlashes } from "./slashes.ts";

/** Most slashes in one answer. */
const SLASHES_MAX = 100;

/** Most validators in one answer. */
const VALIDATORS_MAX = 1_000;
/** Most validators in an answer to `GET /validators?begins=`. */
const BEGINNING_MAX = 100;

/**
 * Finds the first 100 accounts that have or had stake and whose id begins with `prefix`. @throws
 * NodeError `BAD_REQUEST` if `prefix` is not 4 to 64 hex digits.
 */
function beginning({ ledger }: NodeView, prefix: string): readonly ValidatorView[] {
  const wanted = prefix.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(wanted)) {
    const next = "give 4 to 64 hex digits";
    throw failure("BAD_REQUEST", "`begins` is not the beginning of an id", next);
  }
  return ledger.stakersBeginning(wanted, BEGINNING_MAX).flatMap((id) => ledger.validator(id) ?? []);
}

/** Adds routes about validators, their slashes and the evidence. */
export function addValidatorRoutes(app: Hono, node: NodeView): void {
  const { ledger, slashes } = node;
  app.get("/validators", (context) => {
    const prefix = context.req.query("begins");
    if (prefix !== undefined) {
      return context.json({ validators: beginning(node, prefix).map(validatorBody) });
    }
    const { after, limit } = readPage(context.req.query(), VALIDATORS_MAX);
    const start = after === undefined ? {} : { after: toAccountId(after) };
    const { entries, next } = ledger.validatorPage({ ...start, limit });
    const rest = nextOf(next === undefined ? undefined : toHex(next));
    return context.json({ validators: entries.map(validatorBody), ...rest });
  });
  app.get("/validators/:id", async (context) => {
    const id = toAccountId(readBytes32("validator", context.req.param("id")));
    const view = ledger.validator(id);
    if (view === undefined) {
      const next =
        "see `aethel validators`; an account becomes a validator when its stake is final";
      throw missing("validator", toHex(id), next);
    }
    const own = await slashes({ of: id, limit: SLASHES_MAX });
    const explained = await explainSlashes(ledger, own);
    const payouts = view.unbonding.map((each) => ({ ...each, amount: String(each.amount) }));
    const body: ValidatorDetail = { ...validatorBody(view), slashes: [...explained], payouts };
    return context.json(body);
  });
  app.get("/slashes", async (context) => {
    const head = ledger.head().header.sequence;
    const asked = context.req.query("from");
    const from = readNatural("from", asked, 0);
    const wanted = readNatural("limit", context.req.query("limit"), SLASHES_MAX);
    const limit = Math.min(SLASHES_MAX, wanted);
    const found =
      asked === undefined
        ? await slashes({ last: limit })
        : await slashes({ from, to: head, limit });
    return context.json({ head, slashes: await explainSlashes(ledger, found) });
  });
  app.get("/evidence/:id", async (context) => {
    const id = toHex(readBytes32("evidence", context.req.param("id")));
    for (const record of await slashes({ byEvidence: fromHex(id) })) {
      const item = (await evidenceOf(ledger, record)).find((each) => evidenceId(each) === id);
      const [slash] = item === undefined ? [] : await explainSlashes(ledger, [record]);
      if (item === undefined || slash === undefined) continue;
      const body: EvidenceDetail = { ...wholeEvidence(item), slash };
      return context.json(body);
    }
    throw missing("evidence", id);
  });
}
