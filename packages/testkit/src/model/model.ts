import {
  contentAt,
  isSaid,
  type ModelConfig,
  type ModelLock,
  type ModelMessage,
  type ModelState,
  type ModelVote,
  packLock,
  proposalAt,
  reached,
  unpackLock,
} from "./model-state.ts";

/**
 * An abstract model of one sequence of the protocol: it says which messages honest replicas may
 * send, given all that they have sent. It knows only sets of messages: no network, no time, no
 * engine. Messages of the Byzantine node are not recorded, since it may have sent anything that its
 * keys allow.
 */
export interface Model {
  /**
   * Returns all turns of honest nodes (one kind of message of one node in one view), in an order
   * that suffices for `exploreModelByTurns`.
   */
  readonly turnsOf: typeof turnsOf;
  /**
   * Returns the messages that a node may send in a turn (one kind of message of one node in one
   * view).
   */
  readonly optionsOf: typeof optionsOf;
  /** Returns the values (blocks) that a quorum has prepared or committed, each with the view. */
  readonly certified: typeof certified;
  /** Returns the values (blocks) that nodes may vote for in a view. */
  readonly proposedIn: typeof proposedIn;
  /**
   * Returns the lock that a node's next request (ViewChange) must name, unless it names a higher
   * one. Undefined if the node has none.
   */
  readonly ownLock: typeof ownLock;
  /** Returns the property that is broken, if any. */
  readonly findModelDefect: typeof findModelDefect;
}

/**
 * Returns why an honest node must not send a message now. Undefined if it may. It may always repeat
 * what it has sent.
 */
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

/** Turn: one kind of message of one node in one view. A node sends at most one message in it. */
export interface ModelTurn {
  readonly type: ModelMessage["type"];
  readonly node: number;
  readonly view: number;
}

/**
 * Returns all turns of honest nodes, view by view: in each view the requests, the proposal, the
 * PREPAREs, the COMMITs. A message depends only on messages of earlier turns, and on those of its
 * own node in its own view.
 */
export function turnsOf({ powers, byzantine, leaders }: ModelConfig): readonly ModelTurn[] {
  const nodes = [...powers.keys()].filter((node) => node !== byzantine);
  const turns = (type: ModelTurn["type"], view: number): readonly ModelTurn[] =>
    nodes.map((node) => ({ type, node, view }));
  return [...leaders.keys()].flatMap((view) => [
    ...(view === 0 ? turns("propose", 0) : [...turns("request", view), ...turns("new-view", view)]),
    ...turns("prepare", view),
    ...turns("commit", view),
  ]);
}

/** Returns the messages that an honest node may send in a turn and has not sent. */
export function optionsOf(
  config: ModelConfig,
  state: ModelState,
  { type, node, view }: ModelTurn,
): readonly ModelMessage[] {
  return candidates().filter(
    (message) => !isSaid(config, state, message) && refusal(config, state, message) === undefined,
  );

  function candidates(): readonly ModelMessage[] {
    const values = allValues(config);
    switch (type) {
      case "request":
        return [undefined, ...locksBelow(config, state, view)].map((lock) => ({
          type,
          node,
          view,
          lock,
        }));
      case "propose":
        return values.map((value) => ({ type, node, view: 0, value }));
      case "new-view":
      case "prepare":
      case "commit":
        return values.map((value) => ({ type, node, view, value }));
    }
  }
}

/** Returns all messages that some honest node may send now and has not sent. */
export function possible(config: ModelConfig, state: ModelState): readonly ModelMessage[] {
  return turnsOf(config).flatMap((turn) => optionsOf(config, state, turn));
}

/**
 * Returns the property that is broken: two final blocks, two prepared blocks in one view, or a
 * block that is prepared although an earlier view finalized another. Undefined if none is.
 */
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

/**
 * Returns the values (blocks) that a quorum has prepared or committed, each with the view. The
 * Byzantine node counts as voting for each.
 */
export function certified(
  config: ModelConfig,
  state: ModelState,
  kind: "prepare" | "commit",
): readonly ModelLock[] {
  const locks: ModelLock[] = [];
  const values = allValues(config);
  for (const view of config.leaders.keys()) {
    for (const value of values) {
      if (isCertified(config, state, kind, { view, value })) locks.push({ view, value });
    }
  }
  return locks;
}

/**
 * Returns whether the requests for a later view justify a value. The Byzantine node's own request
 * may name any prepared lock, or none.
 */
export function isJustified(
  config: ModelConfig,
  state: ModelState,
  { view, value }: ModelLock,
): boolean {
  const { powers, byzantine } = config;
  const requests = [...powers.keys()].flatMap((node) => {
    const content = contentAt(config, state, { type: "request", node, view });
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

/** Returns the values (blocks) that nodes may vote for in a view. */
export function proposedIn(
  config: ModelConfig,
  state: ModelState,
  view: number,
): readonly number[] {
  return allValues(config).filter((value) => isProposed(config, state, { view, value }));
}

function refusalOfVote(
  config: ModelConfig,
  state: ModelState,
  message: Extract<ModelMessage, { readonly type: "prepare" | "commit" }>,
): string | undefined {
  const { type, node, view } = message;
  if (contentAt(config, state, { type, node, view }) !== 0) return "voted for another";
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
  if (contentAt(config, state, { type: "request", node, view }) === 0)
    return "has not asked for the view";
  if (reached(config, state, node) > view) return "has left the view";
  if (votes === undefined) {
    return isJustified(config, state, { view, value }) ? undefined : "not justified";
  }
  const real = votes.every(
    ({ node: voter, lock }) =>
      voter === config.byzantine ||
      contentAt(config, state, { type: "request", node: voter, view }) === packLock(lock),
  );
  if (!real) return "shows requests that nobody made";
  return follows(config, { view, value }, votes) ? undefined : "does not follow from its requests";
}

/**
 * Returns whether a value follows from requests. The requests must come from a quorum, one from
 * each node. The highest lock among them dictates the value; without a lock it must be a new block
 * of the leader.
 */
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
  const { powers, byzantine } = config;
  const power = powers.reduce((sum, own, node) => {
    const votes =
      node === byzantine || contentAt(config, state, { type: kind, node, view }) === value;
    return votes ? sum + own : sum;
  }, 0);
  return isMoreThanTwoThirds(config, power);
}

function isQuorum(config: ModelConfig, nodes: readonly number[]): boolean {
  const power = nodes.reduce((sum, node) => sum + (config.powers[node] ?? 0), 0);
  return isMoreThanTwoThirds(config, power);
}

function isMoreThanTwoThirds({ powers }: ModelConfig, power: number): boolean {
  return power * 3 > powers.reduce((sum, own) => sum + own, 0) * 2;
}

/**
 * Returns the lock that a node's next request (ViewChange) must name, unless it names a higher one.
 * It follows from the node's own COMMITs and requests. Undefined if there is none.
 */
export function ownLock(
  config: ModelConfig,
  state: ModelState,
  node: number,
): ModelLock | undefined {
  let own: ModelLock | undefined;
  for (const view of config.leaders.keys()) {
    const asked = unpackLock(contentAt(config, state, { type: "request", node, view }));
    if (asked !== undefined && asked.view > (own?.view ?? -1)) own = asked;
    const value = contentAt(config, state, { type: "commit", node, view });
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

/**
 * Values of each configuration. They are cached: every step reads them, and there are only a few
 * configurations.
 */
const VALUES = new WeakMap<ModelConfig, readonly number[]>();

function allValues(config: ModelConfig): readonly number[] {
  const known = VALUES.get(config);
  if (known !== undefined) return known;
  const views = [...config.leaders.keys()];
  const values = [...new Set(views.flatMap((view) => freshValues(config, view)))];
  VALUES.set(config, values);
  return values;
}
