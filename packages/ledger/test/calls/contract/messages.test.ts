import {
  type ContractMessage,
  contractMessage,
  createSigner,
  hashGenesis,
  type Signer,
  sha256,
  toHex,
  toNonce,
  UNITS,
} from "@aethel/models";
import { encodeStored, messagesOf, type TypedContract } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { Account, type LedgerState, stateKey } from "../../../src/index.ts";
import type { ModelCall } from "../../fixtures/contract-model.ts";
import { storedState, transaction, wireCall } from "../../fixtures/contract-world.ts";
import { compiled, intentOf, librarySource } from "../../fixtures/contracts.ts";
import {
  accountOf,
  createWorld,
  type Executed,
  type Person,
  publish,
  step,
} from "../../fixtures/world.ts";

const SOURCE = librarySource("payment-channel");
// Another contract with the same records: another name makes another digest.
const OTHER_SOURCE = SOURCE.replace("contract payment_channel", "contract other_channel");
const channel = compiled(SOURCE);
const other = compiled(OTHER_SOURCE);

const world = createWorld();
const { alice, bob } = world;

function call(of: TypedContract, name: string, ...values: (bigint | string)[]): ModelCall {
  return { type: "contract", contract: of, intent: intentOf(of, name), values };
}

function run(state: LedgerState, author: Person, ...calls: readonly ModelCall[]): Executed {
  const wire = calls.map((one) => wireCall(world, one));
  return step(world, state, { proofs: [transaction(world, state, author, { calls: wire })] });
}

/** State with one channel from Alice to Bob, over 100, in both contracts. */
const opened: LedgerState = ((): LedgerState => {
  const published = step(world, world.state, {
    proofs: [SOURCE, OTHER_SOURCE].map((source, nonce) =>
      publish(world, alice, source, { nonce, resourceLimit: 1_000_000, feeLimit: 100_000_000n }),
    ),
  });
  const open = (of: TypedContract): ModelCall =>
    call(of, "open", toHex(alice.id), toHex(bob.id), 0n, 100n, 5_000n);
  const { receipts, state } = run(published.state, alice, open(channel), open(other));
  expect(receipts.map(({ outcome }) => outcome)).toEqual(["applied"]);
  return state;
})();

/** Signs a receipt over what Bob has earned, with some part of the message replaced. */
function signed(by: Signer, earned: bigint, changed: Partial<ContractMessage> = {}): string {
  const type = messagesOf(channel).find(({ name }) => name === "Receipt");
  if (type === undefined) throw new Error("a channel has receipts");
  const message = { genesis: world.chain, contract: channel.digest, record: type.name };
  const bytes = encodeStored([0n, earned], type);
  return toHex(by.sign(contractMessage({ ...message, bytes, ...changed })));
}

const close = (earned: bigint, signature: string, of = channel): ModelCall =>
  call(of, "close", 0n, earned, signature);

function outcomeOf(one: ModelCall): string | undefined {
  return run(opened, bob, one).receipts[0]?.outcome;
}

describe("signed messages of a contract", () => {
  test("the payee closes a channel with the payer's receipt, and is paid what it says", () => {
    const before = [alice, bob].map(({ id }) => accountOf(opened, id).balance);
    const { state, receipts } = run(opened, bob, close(60n, signed(alice.signer, 60n)));

    expect(receipts[0]?.outcome).toBe("applied");
    expect(storedState(state, channel).vaults.get("")).toBe(0n);
    expect(storedState(state, other).vaults.get("")).toBe(100n);
    expect(accountOf(state, alice.id).balance).toBe((before[0] ?? 0n) + 40n);
    const fee = receipts[0]?.fee ?? 0n;
    expect(accountOf(state, bob.id).balance).toBe((before[1] ?? 0n) + 60n - fee);
  });

  test("B18: a receipt is worth nothing in another contract, on another chain, or as another", () => {
    const elsewhere = hashGenesis({ ...world.genesis, name: new TextEncoder().encode("other") });
    const proofBytes = encodeStored([0n, 60n], messagesOf(channel)[0] ?? { kind: "int" });
    const raw = alice.signer.sign({ tag: "proof", genesis: world.chain, bytes: proofBytes });

    expect(outcomeOf(close(60n, signed(alice.signer, 60n)))).toBe("applied");
    expect(outcomeOf(close(60n, signed(alice.signer, 60n), other))).toBe("guard-false");
    for (const signature of [
      signed(alice.signer, 60n, { contract: other.digest }),
      signed(alice.signer, 60n, { genesis: elsewhere }),
      signed(alice.signer, 60n, { record: "Channel" }),
      signed(alice.signer, 61n),
      signed(bob.signer, 60n),
      signed(createSigner(sha256(Uint8Array.of(9))), 60n),
      toHex(raw),
      "00".repeat(64),
      "ff".repeat(64),
    ]) {
      expect(outcomeOf(close(60n, signature))).toBe("guard-false");
    }
  });

  test("a key that never signed a transaction is checked for a price of its own", () => {
    const closing = close(60n, signed(alice.signer, 60n));
    const known = run(opened, bob, closing).receipts[0]?.resource ?? 0;
    const key = stateKey.account(alice.id);
    const account = accountOf(opened, alice.id);
    expect(account.nonce).toBeGreaterThan(0);
    const resourceAfter = (signed: number): number | undefined => {
      const value = withNonce(opened, alice, signed);
      const state = { ...opened, tree: opened.tree.update([{ key, value }]) };
      return run(state, bob, closing).receipts[0]?.resource;
    };

    expect(resourceAfter(0)).toBe(known + UNITS.newKey);
    expect(resourceAfter(1)).toBe(known);
  });
});

function withNonce(state: LedgerState, { id }: Person, nonce: number): Uint8Array {
  const { balance } = accountOf(state, id);
  return Account.encode({ balance, nonce: toNonce(nonce) });
}
