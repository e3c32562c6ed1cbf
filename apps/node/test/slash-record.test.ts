import { OffenceRecord, stateKey, ValidatorRecord } from "@aethel/ledger";
import {
  type AccountId,
  type StateChange,
  sha256,
  toAccountId,
  toAmount,
  toSequence,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { slashesOf } from "../src/storage/slash-record.ts";
import { slashedValidator } from "./slashed-validator.ts";

const version = toSequence(9);
const name = (byte: number): AccountId => toAccountId(new Uint8Array(32).fill(byte));

describe("what a block took from validators", () => {
  test("is one record for each, with the sum of its offences and the stake that is left", () => {
    const changes = [
      validator(name(1), 60n),
      validator(name(2), 95n),
      // Earned or unstaked something: nobody took it.
      validator(name(3), 10n),
      offence(name(2), 5n),
      offence(name(1), 20n),
      offence(name(1), 16n),
    ];

    expect(slashesOf({ changes, version })).toEqual([
      { sequence: version, validator: name(1), offences: 2, amount: 36n, stake: 60n },
      { sequence: version, validator: name(2), offences: 1, amount: 5n, stake: 95n },
    ]);
  });

  test("is the amount that an epoch boundary takes in addition for an offence that was recorded before", () => {
    const [first, again] = [offence(name(1), 20n), offence(name(1), 69n)];
    const raised = { ...again, key: first.key, before: first.after };

    expect(slashesOf({ changes: [validator(name(1), 31n), raised], version })).toEqual([
      { sequence: version, validator: name(1), offences: 0, amount: 49n, stake: 31n },
    ]);
  });

  test("is nothing when a known offence weighs more from now on, and takes nothing yet", () => {
    const { key, after } = offence(name(1), 20n);
    if (after === undefined) throw new Error("an offence has a record");
    const more = OffenceRecord.encode({ ...OffenceRecord.decode(after), share: 7n });

    expect(slashesOf({ changes: [{ key, before: after, after: more }], version })).toEqual([]);
  });

  test("is nothing when no offence was recorded", () => {
    expect(slashesOf({ changes: [validator(name(1), 60n)], version })).toEqual([]);
  });
});

let offences = 0;

function offence(id: AccountId, slashed: bigint): StateChange {
  const key = stateKey.offence(sha256(Uint8Array.of(offences++)));
  const record = { validator: id, slashed: toAmount(slashed), sequence: version, share: undefined };
  return { key, before: undefined, after: OffenceRecord.encode(record) };
}

function validator(id: AccountId, stake: bigint): StateChange {
  const record = slashedValidator(stake);
  const after = ValidatorRecord.encode(record);
  return { key: stateKey.validator(id), before: undefined, after };
}
