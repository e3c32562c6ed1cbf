import { equalBytes, type Item } from "@aethel/models";
import type { ReplicatedApplication, Submission } from "@aethel/pbft";
import { encodeSetting, KEY_CHARACTERS_MAX, type MapState, nextVersion } from "./map.ts";

/** Parts of a node that its server needs. */
export interface Answering {
  readonly application: ReplicatedApplication<MapState>;
  readonly submit: (bytes: Uint8Array) => Submission;
  readonly publish: (bytes: Uint8Array) => void;
  /** Returns the reason why this node does not vote now; undefined if it votes. */
  readonly quiet: () => string | undefined;
}

/** Answer to a request: an HTTP status and a line of text. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Seconds that a request waits for its setting to become final. */
const FINAL_WITHIN_S = 60;

/** Final fate of a setting. */
type Ending =
  | { readonly type: "final"; readonly sequence: number }
  /** Another setting with the same key and version is final, so this one can never apply. */
  | { readonly type: "overtaken"; readonly sequence: number }
  | { readonly type: "late" };

/**
 * Sets a key. Answers when the setting is final on this node, when it can never become final, or
 * after `FINAL_WITHIN_S`.
 */
export async function put(node: Answering, key: string, value: string): Promise<Answer> {
  if (key.length > KEY_CHARACTERS_MAX) {
    const text = `the key has ${key.length} characters, and at most ${KEY_CHARACTERS_MAX} are allowed: take a shorter one`;
    return { status: 400, text };
  }
  const { application, submit, publish } = node;
  const version = nextVersion(application.state(), key);
  const bytes = encodeSetting({ key, value, version });
  const submission = submit(bytes);
  if (submission.type === "refused") return refusal(submission, key);
  publish(bytes);
  const ending = await endOf(application, { item: submission.item, key, version });
  switch (ending.type) {
    case "final":
      return { status: 200, text: `version ${version}, block ${ending.sequence}` };
    case "overtaken":
      return {
        status: 409,
        text:
          `overtaken: version ${version} of "${key}" is another setting, in block ` +
          `${ending.sequence}. Next: read the key, and put again if yours should stand`,
      };
    case "late":
      return {
        status: 504,
        text:
          `not final within ${FINAL_WITHIN_S} s: probably a third of the nodes or more are down ` +
          `(map status). It waits on, and may still become final; read the key before you put again`,
      };
  }
}

function refusal({ code, reason }: Extract<Submission, { type: "refused" }>, key: string): Answer {
  switch (code) {
    case "does-not-apply":
      return {
        status: 409,
        text:
          `overtaken: another setting of "${key}" waits on this node. Next: read the key in a ` +
          "moment, and put again if yours should stand",
      };
    case "full":
      return { status: 503, text: `this node has no room for more now: ${reason}` };
    case "oversize":
      return {
        status: 413,
        text: `key and value are too large for an item: ${reason}. Next: put a shorter value`,
      };
  }
}

/** Waits for the fate of a setting that was just submitted. */
function endOf(
  application: ReplicatedApplication<MapState>,
  setting: { readonly item: Item; readonly key: string; readonly version: number },
): Promise<Ending> {
  const { item, key, version } = setting;
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const timer = setTimeout(() => resolve({ type: "late" }), FINAL_WITHIN_S * 1_000);
  const leave = application.subscribe(({ block }, state) => {
    const { sequence } = block.header;
    const isThere = block.items.some(({ hash }) => equalBytes(hash, item.hash));
    if (isThere) return resolve({ type: "final", sequence });
    if (nextVersion(state, key) > version) resolve({ type: "overtaken", sequence });
  });
  return promise.finally(() => {
    clearTimeout(timer);
    leave();
  });
}
