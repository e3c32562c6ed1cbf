import { KEY_KIND, type ValidatorView } from "@aethel/ledger";
import { toAccountId, toHex } from "@aethel/models";
import type { Hono } from "hono";
import { failure } from "../cli/failure.ts";
import type { EvidenceDetail, ValidatorDetail } from "./api.ts";
import type { NodeView } from "./node-view.ts";
import { readBytes32, readNatural } from "./parameters.ts";
import { missing } from "./respond.ts";
import { evidenceId, evidenceOf, explainSlashes, wholeEvidence } from "./slashes.ts";
import { validatorBody } from "./to-json.ts";

/** Slashes in one answer. */
const SLASHES_MAX = 100;

/** All that ever staked and have such an id. Walks the whole state: for people. */
function beginning({ ledger }: NodeView, prefix: string): readonly ValidatorView[] {
  const wanted = prefix.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(wanted)) {
    const next = "give 4 to 64 hex digits";
    throw failure("BAD_REQUEST", "begins is not the beginning of an id", next);
  }
  return [...ledger.state().tree.entries()].flatMap(({ key }) => {
    if (key[0] !== KEY_KIND.validator || !toHex(key.slice(1)).startsWith(wanted)) return [];
    return ledger.validator(toAccountId(key.slice(1))) ?? [];
  });
}

/** Questions about validators, what they were convicted of, and by what. */
export function addValidatorRoutes(app: Hono, node: NodeView): void {
  const { ledger, slashes } = node;
  const all = (): ReturnType<typeof slashes> =>
    slashes({ from: 0, to: ledger.head().header.sequence, limit: Number.MAX_SAFE_INTEGER });
  app.get("/validators", (context) => {
    const prefix = context.req.query("begins");
    const found = prefix === undefined ? ledger.validators() : beginning(node, prefix);
    return context.json({ validators: found.map(validatorBody) });
  });
  app.get("/validators/:id", async (context) => {
    const id = toAccountId(readBytes32("validator", context.req.param("id")));
    const view = ledger.validator(id);
    if (view === undefined) throw missing("validator", toHex(id));
    const own = (await all()).filter(({ validator }) => toHex(validator) === toHex(id));
    const explained = await explainSlashes(ledger, own.slice(-SLASHES_MAX));
    const body: ValidatorDetail = { ...validatorBody(view), slashes: [...explained] };
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
        ? (await all()).toReversed().slice(0, limit).toReversed()
        : await slashes({ from, to: head, limit });
    return context.json({ head, slashes: await explainSlashes(ledger, found) });
  });
  app.get("/evidence/:id", async (context) => {
    const id = toHex(readBytes32("evidence", context.req.param("id")));
    for (const record of await all()) {
      const item = (await evidenceOf(ledger, record)).find((each) => evidenceId(each) === id);
      const [slash] = item === undefined ? [] : await explainSlashes(ledger, [record]);
      if (item === undefined || slash === undefined) continue;
      const body: EvidenceDetail = { ...wholeEvidence(item), slash };
      return context.json(body);
    }
    throw missing("evidence", id);
  });
}
