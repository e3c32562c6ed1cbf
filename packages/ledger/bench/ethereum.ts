import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createLegacyTx } from "@ethereumjs/tx";
import {
  Address,
  createAccount,
  createAddressFromPrivateKey,
  hexToBytes,
  type PrefixedHexString,
} from "@ethereumjs/util";
import { createVM, runTx } from "@ethereumjs/vm";

/** Transfers on the in-memory state of `@ethereumjs/vm`, executed and rooted. */
export interface EthereumTransfers {
  /** Executes all of them, computes the state root, and goes back to the state before. */
  run(): Promise<void>;
}

/**
 * As many accounts as asked for, the first `transfers` of which send. Senders are recovered from
 * their signatures beforehand, as ours are verified.
 */
export async function createEthereumTransfers(size: {
  readonly accounts: number;
  readonly transfers: number;
}): Promise<EthereumTransfers> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Paris });
  const vm = await createVM({ common });
  const account = createAccount({ nonce: 0n, balance: 10n ** 18n });
  const addresses = Array.from({ length: size.accounts }, (_, at) =>
    at < size.transfers
      ? createAddressFromPrivateKey(keyOf(at))
      : new Address(hexToBytes(`0x${at.toString(16).padStart(40, "1")}`)),
  );
  for (const address of addresses) await vm.stateManager.putAccount(address, account);
  const transactions = Array.from({ length: size.transfers }, (_, at) => {
    const to = addresses[(at * 7 + 1) % addresses.length];
    const fields = { gasLimit: 21_000n, gasPrice: 1_000_000_000n, value: 1n };
    const signed = createLegacyTx({ ...fields, ...(to === undefined ? {} : { to }) }, { common });
    const tx = signed.sign(keyOf(at));
    tx.getSenderAddress();
    return tx;
  });
  await vm.stateManager.getStateRoot();
  return {
    run: async () => {
      await vm.stateManager.checkpoint();
      for (const tx of transactions) await runTx(vm, { tx, skipBlockGasLimitValidation: true });
      await vm.stateManager.getStateRoot();
      await vm.stateManager.revert();
    },
  };
}

function keyOf(at: number): Uint8Array {
  const digits = (at + 1).toString(16).padStart(64, "0");
  const hex: PrefixedHexString = `0x${digits}`;
  return hexToBytes(hex);
}
