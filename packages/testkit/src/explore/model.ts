/**
 * An abstract model of one sequence of the protocol: what honest replicas may say, given what all of
 * them have said. It knows sets of messages and nothing else: no network, no time, no engine. Of
 * the Byzantine node nothing is recorded, for it may have said anything that its keys allow.
 *
 * Values stand for blocks. `2 * leader + 1` is the block that a leader makes afresh; a Byzantine one
 * has a second, `2 * leader + 2`.
 */
export interface ModelConfig {
  readonly powers: readonly number[];
  readonly byzantine: number;
  /** The leader of each view that is looked at. */
  readonly leaders: readonly number[];
}

/** What a request says was prepared. */
export interface ModelLock {
  readonly view: number;
  readonly value: number;
}

/** What an honest node says. `votes` are those that a real NewView shows. */
export type ModelMessage =
  | { readonly type: "propose"; readonly node: number; readonly view: 0; readonly value: number }
  | {
      readonly type: "prepare" | "commit";
      readonly node: number;
      readonly view: number;
      readonly value: number;
    }
  | {
      readonly type: "request";
      readonly node: number;
      readonly view: number;
      readonly lock: ModelLock | undefined;
    }
  | {
      readonly type: "new-view";
      readonly node: number;
      readonly view: number;
      readonly value: number;
      readonly votes?: readonly ModelVote[];
    };

/** A request as a NewView shows it. */
export interface ModelVote {
  readonly node: number;
  readonly lock: ModelLock | undefined;
}

/**
 * All that honest nodes have said, in one array of small numbers: for each node and view its PREPARE,
 * its COMMIT (a value, or 0) and its request (0 none, 1 nothing prepared, else a lock), then for each
 * view the proposal of an honest leader.
 */
export type ModelState = Uint8Array;

const KINDS = { prepare: 0, commit: 1, request: 2 } as const;
type Kind = keyof typeof KINDS;

/** Nothing said. */
export function emptyModel({ powers, leaders }: ModelConfig): ModelState {
  return new Uint8Array(powers.length * leaders.length * 3 + leaders.length);
}

/** Why an honest node must not say this now; undefined: it may. What it has said it may repeat. */
export function refusal(
  config: ModelConfig,
  state: ModelState,
  message: ModelMessage,
): string | undefined {
  const { node, view } = message;
  const { leaders, byzantine } = config;
  if (node === byzantine || view < 0 || view >= leaders.length) return "not of this model";
  if (isSaid(config, state, message)) return undefined;
  switch (message.type) {
    case "propose":
      if (leaders[0] !== node) return "does not lead";
      if (proposalAt(config, state, 0) !== 0) return "proposed before";
      if (reached(config, state, node) > 0) return "has left the view";
      return freshValues(config, 0).includes(message.value) ? undefined : "not its block";
    case "prepare":
      return (
        refusalOfVote(config, state, message) ??
        (isProposed(config, state, message) ? undefined : "nobody may propose that here")
      );
    case "commit":
      return (
        refusalOfVote(config, state, message) ??
        (isCertified(config, state, "prepare", message) ? undefined : "not prepared")
      );
    case "request":
      return refusalOfRequest(config, state, message);
    case "new-view":
      return refusalOfNewView(config, state, message);
  }
}

/** The state with one more message in it. */
export function said(config: ModelConfig, state: ModelState, message: ModelMessage): ModelState {
  const next = state.slice();
  const { type, node, view } = message;
  switch (type) {
    case "propose":
    case "new-view":
      next[proposalCell(config, view)] = message.value;
      return next;
    case "prepare":
    case "commit":
      next[cell(config, type, node, view)] = message.value;
      return next;
    case "request":
      next[cell(config, type, node, view)] = packLock(message.lock);
      return next;
  }
}

/** Everything that some honest node may say now and has not said. */
export function possible(config: ModelConfig, state: ModelState): readonly ModelMessage[] {
  const nodes = [...config.powers.keys()].filter((node) => node !== config.byzantine);
  const values = allValues(config);
  const candidates: ModelMessage[] = [];
  for (const node of nodes) {
    for (const view of config.leaders.keys()) {
      for (const value of values) {
        if (view === 0) candidates.push({ type: "propose", node, view, value });
        else candidates.push({ type: "new-view", node, view, value });
        candidates.push({ type: "prepare", node, view, value });
        candidates.push({ type: "commit", node, view, value });
      }
      if (view === 0) continue;
      for (const lock of [undefined, ...locksBelow(config, state, view)]) {
        candidates.push({ type: "request", node, view, lock });
      }
    }
  }
  return candidates.filter(
    (message) => !isSaid(config, state, message) && refusal(config, state, message) === undefined,
  );
}

/** The property that is broken: two blocks final, two prepared in a view, or a lock passed by. */
export function findModelDefect(config: ModelConfig, state: ModelState): string | undefined {
  const decided = certified(config, state, "commit");
  const prepared = certified(config, state, "prepare");
  const [first] = decided;
  const other = decided.find(({ value }) => value !== first?.value);
  if (first !== undefined && other !== undefined) {
    return `agreement: ${first.value} in view ${first.view}, ${other.value} in view ${other.view}`;
  }
  for (const { view, value } of prepared) {
    const twin = prepared.find((each) => each.view === view && each.value !== value);
    if (twin !== undefined) return `two blocks are prepared in view ${view}`;
    const past = decided.find((each) => each.view < view && each.value !== value);
    if (past !== undefined) return `${value} is prepared in view ${view} past a lock`;
  }
  return undefined;
}

/** What a quorum, the Byzantine node in it if need be, has prepared or committed. */
export function certified(
  config: ModelConfig,
  state: ModelState,
  kind: "prepare" | "commit",
): readonly ModelLock[] {
  const values = allValues(config);
  return [...config.leaders.keys()].flatMap((view) =>
    values
      .filter((value) => isCertified(config, state, kind, { view, value }))
      .map((value) => ({ view, value })),
  );
}

/** The same state with the Byzantine node's two blocks exchanged. */
export function mirrored(config: ModelConfig, state: ModelState): ModelState {
  const one = 2 * config.byzantine + 1;
  const swap = (value: number): number =>
    value === one ? one + 1 : value === one + 1 ? one : value;
  const requests = config.powers.length * config.leaders.length * 2;
  const proposals = config.powers.length * config.leaders.length * 3;
  return state.map((content, at) => {
    if (at < requests || at >= proposals) return swap(content);
    const lock = unpackLock(content);
    return lock === undefined ? content : packLock({ ...lock, value: swap(lock.value) });
  });
}

/** Votes of a quorum for a later view, with the highest lock among them, allow this value. */
export function isJustified(
  config: ModelConfig,
  state: ModelState,
  { view, value }: ModelLock,
): boolean {
  const { powers, byzantine } = config;
  const requests = [...powers.keys()].flatMap((node) => {
    const content = state[cell(config, "request", node, view)] ?? 0;
    return content === 0 ? [] : [{ node, lock: unpackLock(content) }];
  });
  const own = { node: byzantine, lock: undefined };
  const options = [undefined, ...locksBelow(config, state, view)];
  return options.some((highest) => {
    const below = requests.filter(({ lock }) => (lock?.view ?? -1) <= (highest?.view ?? -1));
    const votes = [...below, { ...own, lock: highest }];
    return follows(config, { view, value }, votes);
  });
}

function refusalOfVote(
  config: ModelConfig,
  state: ModelState,
  message: Extract<ModelMessage, { readonly type: "prepare" | "commit" }>,
): string | undefined {
  const { type, node, view } = message;
  if ((state[cell(config, type, node, view)] ?? 0) !== 0) return "voted for another";
  return reached(config, state, node) > view ? "has left the view" : undefined;
}

function refusalOfRequest(
  config: ModelConfig,
  state: ModelState,
  { node, view, lock }: Extract<ModelMessage, { readonly type: "request" }>,
): string | undefined {
  if (view === 0) return "nobody asks for view 0";
  if (reached(config, state, node) >= view) return "has been there";
  const own = ownLock(config, state, node);
  if (own !== undefined && (lock === undefined || lock.view < own.view)) return "hides a lock";
  if (lock === undefined) return undefined;
  if (own?.view === lock.view && own.value !== lock.value) return "names another lock";
  if (lock.view >= view) return "names a lock of the future";
  return isCertified(config, state, "prepare", lock) ? undefined : "names what is not prepared";
}

function refusalOfNewView(
  config: ModelConfig,
  state: ModelState,
  message: Extract<ModelMessage, { readonly type: "new-view" }>,
): string | undefined {
  const { node, view, value, votes } = message;
  if (view === 0 || config.leaders[view] !== node) return "does not lead";
  if (proposalAt(config, state, view) !== 0) return "proposed before";
  if ((state[cell(config, "request", node, view)] ?? 0) === 0) return "has not asked for the view";
  if (reached(config, state, node) > view) return "has left the view";
  if (votes === undefined) {
    return isJustified(config, state, { view, value }) ? undefined : "not justified";
  }
  const real = votes.every(
    ({ node: voter, lock }) =>
      voter === config.byzantine || state[cell(config, "request", voter, view)] === packLock(lock),
  );
  if (!real) return "shows requests that nobody made";
  return follows(config, { view, value }, votes) ? undefined : "does not follow from its requests";
}

/** What the highest lock in a quorum's votes dictates; a fresh block where there is none. */
function follows(
  config: ModelConfig,
  { view, value }: ModelLock,
  votes: readonly ModelVote[],
): boolean {
  const voters = new Set(votes.map(({ node }) => node));
  if (voters.size !== votes.length || !isQuorum(config, [...voters])) return false;
  const locks = votes.flatMap(({ lock }) => (lock === undefined ? [] : [lock]));
  if (locks.length === 0) return freshValues(config, view).includes(value);
  const highest = Math.max(...locks.map((lock) => lock.view));
  return locks.some((lock) => lock.view === highest && lock.value === value);
}

function isProposed(config: ModelConfig, state: ModelState, { view, value }: ModelLock): boolean {
  const { leaders, byzantine } = config;
  if (leaders[view] !== byzantine) return proposalAt(config, state, view) === value;
  if (view === 0) return freshValues(config, 0).includes(value);
  return isJustified(config, state, { view, value });
}

function isCertified(
  config: ModelConfig,
  state: ModelState,
  kind: "prepare" | "commit",
  { view, value }: ModelLock,
): boolean {
  const voters = [...config.powers.keys()].filter(
    (node) => node === config.byzantine || state[cell(config, kind, node, view)] === value,
  );
  return isQuorum(config, voters);
}

function isQuorum({ powers }: ModelConfig, nodes: readonly number[]): boolean {
  const total = powers.reduce((sum, power) => sum + power, 0);
  return nodes.reduce((sum, node) => sum + (powers[node] ?? 0), 0) * 3 > total * 2;
}

function isSaid(config: ModelConfig, state: ModelState, message: ModelMessage): boolean {
  const { type, node, view } = message;
  if (type === "propose" || type === "new-view") {
    return config.leaders[view] === node && proposalAt(config, state, view) === message.value;
  }
  const content = type === "request" ? packLock(message.lock) : message.value;
  return state[cell(config, type, node, view)] === content;
}

/** The highest view in which a node has said anything. */
function reached(config: ModelConfig, state: ModelState, node: number): number {
  for (let view = config.leaders.length - 1; view > 0; view--) {
    const spoke = (["prepare", "commit", "request"] as const).some(
      (kind) => (state[cell(config, kind, node, view)] ?? 0) !== 0,
    );
    if (spoke) return view;
  }
  return 0;
}

/** What a node's own COMMITs and requests oblige it to name. */
function ownLock(config: ModelConfig, state: ModelState, node: number): ModelLock | undefined {
  let own: ModelLock | undefined;
  for (const view of config.leaders.keys()) {
    const asked = unpackLock(state[cell(config, "request", node, view)] ?? 0);
    if (asked !== undefined && asked.view > (own?.view ?? -1)) own = asked;
    const value = state[cell(config, "commit", node, view)] ?? 0;
    if (value !== 0 && view >= (own?.view ?? -1)) own = { view, value };
  }
  return own;
}

function locksBelow(config: ModelConfig, state: ModelState, view: number): readonly ModelLock[] {
  return certified(config, state, "prepare").filter((lock) => lock.view < view);
}

function freshValues({ leaders, byzantine }: ModelConfig, view: number): readonly number[] {
  const leader = leaders[view] ?? 0;
  const first = 2 * leader + 1;
  return leader === byzantine ? [first, first + 1] : [first];
}

function allValues(config: ModelConfig): readonly number[] {
  return [...new Set([...config.leaders.keys()].flatMap((view) => freshValues(config, view)))];
}

function cell({ powers, leaders }: ModelConfig, kind: Kind, node: number, view: number): number {
  return (KINDS[kind] * powers.length + node) * leaders.length + view;
}

function proposalCell({ powers, leaders }: ModelConfig, view: number): number {
  return powers.length * leaders.length * 3 + view;
}

function proposalAt(config: ModelConfig, state: ModelState, view: number): number {
  return state[proposalCell(config, view)] ?? 0;
}

const VALUES_MAX = 16;

function packLock(lock: ModelLock | undefined): number {
  return lock === undefined ? 1 : 2 + lock.view * VALUES_MAX + lock.value;
}

function unpackLock(content: number): ModelLock | undefined {
  if (content < 2) return undefined;
  return { view: Math.floor((content - 2) / VALUES_MAX), value: (content - 2) % VALUES_MAX };
}
