import { explainProblems, readGenesisFile } from "@aethel/models/genesis-file";

const text = `
name: my chain
time: 2026-02-30T00:00:00Z
parameters: { epochM: 100 s }
validators: []
accounts: [{ id: 0x12, balance: 1.5 tokens }]
intents: []
`;
const reading = readGenesisFile(text);

/** `genesis.yaml:3:7: time \`2026-02-30T00:00:00Z\` is no such quantity: write it like ...`, and more. */
export const explanation = reading.ok ? "" : explainProblems("genesis.yaml", reading.problems);
