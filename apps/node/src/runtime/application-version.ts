/**
 * Version of the rules by which the ledger executes blocks. It must grow with every change after
 * which two releases could disagree on a block. Peers with another version refuse each other.
 */
export const applicationVersion = 1;
