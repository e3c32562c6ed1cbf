import { sha256 } from "@aethel/models";
import { createApplication, createReplica } from "@aethel/pbft";
import { clock, createMembers, createNetwork, forgetfulLog, parameters } from "./in-process.ts";

type State = ReadonlyMap<string, string>;
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
const genesis = sha256(encoder.encode("the name of the chain"));
const { validators, members } = createMembers(4);

/** A map: an item `key=value` sets a value, and anything else cannot apply. */
const createMap = () =>
  createApplication<State>({
    genesis,
    validators,
    initial: new Map(),
    apply(state, item) {
      const [key, value] = decoder.decode(item).split("=");
      return key && value ? new Map(state).set(key, value) : undefined;
    },
    root: (state) => {
      const entries = [...state].toSorted(([left], [right]) => (left < right ? -1 : 1));
      return sha256(encoder.encode(JSON.stringify(entries)));
    },
  });

const connect = createNetwork();
const nodes = await Promise.all(
  members.map(async ({ id, signer }) => {
    const application = await createMap();
    const world = { transport: connect(id), signingLog: forgetfulLog, clock };
    const replica = createReplica({ genesis, parameters, id, signer, application, ...world });
    return { application, replica };
  }),
);

/** Gives an item to all replicas; over a network, `@aethel/p2p` does that. */
export function submit(text: string): readonly string[] {
  return nodes.map(({ application, replica }) => {
    const { type } = application.submit(encoder.encode(text));
    replica.notifyWork();
    return type;
  });
}

await Promise.all(nodes.map(({ replica }) => replica.start()));
for (const item of ["colour=green", "shape=round", "colour=red"]) submit(item);
const isDone = () => nodes.every(({ application }) => application.state().get("colour") === "red");
while (!isDone()) await new Promise((next) => setTimeout(next, 5));
/** Answers of the replicas to an item that does not apply. */
export const answers: readonly string[] = submit("no value");
await Promise.all(nodes.map(({ replica }) => replica.stop()));
/** Final state of each of the four. */
export const maps: readonly State[] = nodes.map(({ application }) => application.state());
console.log("all four hold", maps);
