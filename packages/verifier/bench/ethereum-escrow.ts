import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import {
  type Address,
  bigIntToBytes,
  bytesToBigInt,
  concatBytes,
  createAccount,
  createAddressFromString,
  hexToBytes,
  setLengthLeft,
} from "@ethereumjs/util";
import { createVM } from "@ethereumjs/vm";
import { createEthereumState, type EthereumStateKind } from "./ethereum-states.ts";

const ADDRESS = "ff".repeat(20);
const AMOUNT = "ff".repeat(8);
const UP_TO_OPEN = "ff".repeat(28);

/** Hash of the key and of the mapping's slot: the place of the deal. */
const PLACE =
  "PUSH1 00 CALLDATALOAD PUSH1 00 MSTORE PUSH1 00 PUSH1 20 MSTORE PUSH1 40 PUSH1 00 KECCAK256";

/**
 * `release(id)` of the escrow in code of the Ethereum virtual machine, as a compiler of Solidity
 * would write it without its selector and checks of lengths. `deals` is a mapping in slot 0, and a
 * deal has two packed words: payer, amount, open; payee, deadline. `:fail` is a place in the code.
 */
export const RELEASE: readonly string[] = [
  PLACE,
  // place | place, first word
  "DUP1 SLOAD",
  // require(open): bit 224 of the first word.
  "DUP1 PUSH1 e0 SHR ISZERO PUSH2 :fail JUMPI",
  // require(msg.sender == payer): the low 160 bits of the first word.
  `DUP1 PUSH20 ${ADDRESS} AND CALLER EQ ISZERO PUSH2 :fail JUMPI`,
  // open = false, in the same word.
  `DUP1 PUSH28 ${UP_TO_OPEN} AND DUP3 SSTORE`,
  // payee.call{value: amount}(""): no input and no output, all gas.
  "PUSH1 00 PUSH1 00 PUSH1 00 PUSH1 00",
  `DUP5 PUSH1 a0 SHR PUSH8 ${AMOUNT} AND`,
  `DUP7 PUSH1 01 ADD SLOAD PUSH20 ${ADDRESS} AND GAS CALL`,
  "ISZERO PUSH2 :fail JUMPI STOP",
  ":fail JUMPDEST PUSH1 00 PUSH1 00 REVERT",
];

/** Code that stores the two words of a deal, in place of `open` of the escrow. */
const STORE: readonly string[] = [
  PLACE,
  "PUSH1 20 CALLDATALOAD DUP2 SSTORE",
  "PUSH1 40 CALLDATALOAD DUP2 PUSH1 01 ADD SSTORE STOP",
];

const OPCODES: ReadonlyMap<string, number> = new Map([
  ["STOP", 0x00],
  ["ADD", 0x01],
  ["EQ", 0x14],
  ["ISZERO", 0x15],
  ["AND", 0x16],
  ["SHR", 0x1c],
  ["KECCAK256", 0x20],
  ["CALLER", 0x33],
  ["CALLDATALOAD", 0x35],
  ["MSTORE", 0x52],
  ["SLOAD", 0x54],
  ["SSTORE", 0x55],
  ["JUMPI", 0x57],
  ["GAS", 0x5a],
  ["JUMPDEST", 0x5b],
  ["PUSH1", 0x60],
  ["PUSH2", 0x61],
  ["PUSH8", 0x67],
  ["PUSH20", 0x73],
  ["PUSH28", 0x7b],
  ["DUP1", 0x80],
  ["DUP2", 0x81],
  ["DUP3", 0x82],
  ["DUP5", 0x84],
  ["DUP7", 0x86],
  ["CALL", 0xf1],
  ["REVERT", 0xfd],
]);

/** Assembles lines of mnemonics and hexadecimal numbers. A label before `JUMPDEST` declares it. */
export function assemble(lines: readonly string[]): Uint8Array {
  const words = lines.join(" ").split(" ");
  const bytes: number[] = [];
  const uses: { readonly at: number; readonly label: string }[] = [];
  const places = new Map<string, number>();
  for (const [at, word] of words.entries()) {
    const opcode = OPCODES.get(word);
    if (opcode !== undefined) bytes.push(opcode);
    else if (!word.startsWith(":")) bytes.push(...hexToBytes(`0x${word}`));
    else if (words[at + 1] === "JUMPDEST") places.set(word, bytes.length);
    else {
      uses.push({ at: bytes.length, label: word });
      bytes.push(0, 0);
    }
  }
  const code = Uint8Array.from(bytes);
  for (const { at, label } of uses) {
    const place = places.get(label);
    if (place === undefined) throw new Error(`no label ${label}`);
    code.set([place >> 8, place & 0xff], at);
  }
  return code;
}

/** Escrow in the state in memory of one warm virtual machine of `@ethereumjs/vm`. */
export interface EthereumEscrow {
  /** Releases a deal as its payer, or as another account. Returns whether it was released. */
  release(id: number, caller?: Address): Promise<boolean>;
  balanceOf(account: Address): Promise<bigint>;
  payerOf(id: number): Address;
  payeeOf(id: number): Address;
  /** Runs work on a checkpoint of the state, and goes back to the state before. */
  undone(work: () => Promise<void>): Promise<void>;
}

/**
 * Creates an escrow with this number of open deals over 100 each, and accounts that exist. A call
 * takes the machine's cheapest path, with messages made beforehand: no transaction, signature,
 * nonce, block, fee or root. Its checkpoints stay: they make it atomic.
 */
export async function createEthereumEscrow(
  deals: number,
  kind: EthereumStateKind,
): Promise<EthereumEscrow> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
  const state = createEthereumState(kind, common);
  const { evm } = await createVM({ common, stateManager: state });
  const escrow = addressOf("e", 0);
  const [payerOf, payeeOf] = [
    (id: number) => addressOf("a", id),
    (id: number) => addressOf("b", id),
  ];
  const callOf = (id: number, caller: Address): Parameters<typeof evm.runCall>[0] => {
    const data = wordOf(BigInt(id));
    return { to: escrow, caller, data, gasLimit: 1_000_000n, skipNonceIncrement: true };
  };
  // Stays open: a trie under the caches is written when the last checkpoint is committed.
  await state.checkpoint();
  await state.putAccount(escrow, createAccount({ balance: 100n * BigInt(deals) }));
  await state.putCode(escrow, assemble(STORE));
  for (let id = 0; id < deals; id++) {
    for (const account of [payerOf(id), payeeOf(id)]) {
      await state.putAccount(account, createAccount({ balance: 1_000n }));
    }
    const payee = wordOf(bytesToBigInt(payeeOf(id).bytes));
    const data = concatBytes(wordOf(BigInt(id)), firstWord(payerOf(id)), payee);
    await evm.runCall({ ...callOf(id, escrow), data });
  }
  await state.putCode(escrow, assemble(RELEASE));
  const calls = Array.from({ length: deals }, (_, id) => callOf(id, payerOf(id)));
  return {
    payerOf,
    payeeOf,
    balanceOf: async (account) => (await state.getAccount(account))?.balance ?? 0n,
    release: async (id, caller) => {
      const own = caller === undefined ? calls[id] : undefined;
      const { execResult } = await evm.runCall(own ?? callOf(id, caller ?? payerOf(id)));
      return execResult.exceptionError === undefined;
    },
    undone: async (work) => {
      // What a machine notes of the places that it has touched would grow with each call.
      evm.journal.cleanJournal();
      await state.checkpoint();
      await work();
      await state.revert();
    },
  };
}

/** Returns the first word of an open deal over 100: payer, amount, open. */
function firstWord(payer: Address): Uint8Array {
  return wordOf((1n << 224n) | (100n << 160n) | bytesToBigInt(payer.bytes));
}

function addressOf(letter: string, at: number): Address {
  return createAddressFromString(`0x${at.toString(16).padStart(40, letter)}`);
}

function wordOf(value: bigint): Uint8Array {
  return setLengthLeft(bigIntToBytes(value), 32);
}
