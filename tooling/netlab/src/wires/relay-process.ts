import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DelayRule } from "../relay/delay-line.ts";
import type { RelayAnswer, RelayFigures, RelayQuestion } from "../relay/messages.ts";

/** Running relay. */
export interface Relay {
  setRules(rules: readonly DelayRule[]): Promise<void>;
  figures(): Promise<RelayFigures>;
}

/** Name of the tunnel device. */
export const TUNNEL = "wire";

const main = fileURLToPath(new URL("../relay/main.ts", import.meta.url));

/**
 * Opens a tunnel device and hands it to a program, since Node.js has no `ioctl`. Perl is part of
 * every Debian. 0x400454ca: TUNSETIFF. 0x1001: IFF_TUN and IFF_NO_PI.
 */
const OPEN_TUNNEL = `
  use Fcntl;
  $^F = 255;
  sysopen(my $tunnel, "/dev/net/tun", O_RDWR) or die "/dev/net/tun: $!\\n";
  my $request = pack("a16 S x22", shift @ARGV, 0x1001);
  ioctl($tunnel, 0x400454ca, $request) or die "TUNSETIFF: $!\\n";
  exec @ARGV, fileno($tunnel) or die "exec: $!\\n";
`;

/** Starts the relay on a new tunnel device in the network namespace of this process. */
export async function startRelay(seed: number): Promise<Relay> {
  const node = [process.execPath, ...process.execArgv, main, String(seed)];
  const child = spawn("perl", ["-e", OPEN_TUNNEL, TUNNEL, ...node], {
    stdio: ["pipe", "pipe", "inherit"],
    // Else the kernel would compare its priority with that of the lab alone.
    detached: true,
  });
  const waiting: ((answer: RelayAnswer) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    waiting.shift()?.(JSON.parse(text));
  });
  const gone = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the relay ended with ${code}`)));
  });
  gone.catch(() => undefined);
  const next = (): Promise<RelayAnswer> =>
    Promise.race([new Promise<RelayAnswer>((resolve) => waiting.push(resolve)), gone]);
  const ask = async (question: RelayQuestion): Promise<RelayAnswer> => {
    const answer = next();
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return await answer;
  };
  await next();
  return {
    async setRules(rules) {
      await ask({ type: "rules", rules });
    },
    async figures() {
      const answer = await ask({ type: "figures" });
      if (answer.type !== "figures") throw new Error("the relay answered another question");
      return answer;
    },
  };
}
