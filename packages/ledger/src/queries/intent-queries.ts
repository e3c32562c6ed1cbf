import { type Digest, fromHex, toDigest } from "@aethel/models";
import type { Programs } from "../programs/programs.ts";
import { IntentRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { type Directory, nameIn } from "./directory.ts";
import { parametersIn } from "./parameters-in.ts";
import type { IntentView, Queries } from "./queries.ts";
import { oneMore } from "./sorted-names.ts";
import type { StateReader } from "./state-reader.ts";

/**
 * Bytes of canonical text at which a page of intents ends, counting the texts that must be
 * compiled. The last text may exceed this number.
 */
const PAGE_TEXT_MAX = 16_384;

/** Creates the queries about published intents. */
export function createIntentQueries(
  { read }: StateReader,
  { intents }: Directory,
  programs: Programs,
): Pick<Queries, "intent" | "intents" | "intentPage"> {
  const intent = (digest: Digest): IntentView | undefined => {
    const record = read(stateKey.intent(digest), IntentRecord);
    return record === undefined ? undefined : viewOf(digest, record, programs);
  };
  const listed = ({ id }: { readonly id: string }): IntentView | undefined =>
    intent(toDigest(fromHex(id)));
  return {
    intent,
    intents: () => intents.page({ limit: intents.size }).flatMap((one) => listed(one) ?? []),
    intentPage: ({ name, ...request }) => {
      const found =
        name === undefined ? intents.page(oneMore(request)) : intents.named(name, oneMore(request));
      const entries: IntentView[] = [];
      let text = 0;
      for (const entry of found.slice(0, request.limit)) {
        const view = listed(entry);
        if (view === undefined) continue;
        text += parametersIn(view.text) === undefined ? view.text.length : 0;
        entries.push(view);
        if (text > PAGE_TEXT_MAX) break;
      }
      const next = found.length > entries.length ? found[entries.length - 1] : undefined;
      return { entries, next };
    },
  };
}

function viewOf(digest: Digest, record: IntentRecord, programs: Programs): IntentView {
  const { canonical, ...about } = record;
  const text = new TextDecoder().decode(canonical);
  const name = nameIn(text);
  const parameters = parametersIn(text) ?? programs.interfaceOf(digest, record).parameters;
  const shown = parameters.map((p) => ({ name: p.name, type: p.type, signer: p.signer }));
  return { ...about, digest, name, text, parameters: shown };
}
