// The process that is killed: appends and trims as fast as it can, and says on stdout what was acknowledged.
//   node writer.ts <dir> <seed> <first call>
import { writeSync } from "node:fs";
import { openEmbeddedLog } from "../log.ts";
import { payloadOf } from "./payload.ts";
import { randomFrom } from "./random.ts";

const [dir, seed, firstCall] = process.argv.slice(2) as [string, string, string];
const random = randomFrom(Number(seed));
const log = await openEmbeddedLog({ dir });
say("ready");

let call = Number(firstCall);
const appenders = Array.from({ length: 8 }, () => appendForever());
await Promise.all([...appenders, trimForever()]);

async function appendForever(): Promise<never> {
  while (true) {
    const mine = call;
    call += 1;
    const partition = random(2);
    const of = 1 + random(4);
    const records = Array.from({ length: of }, (_, index) => ({
      value: payloadOf({ call: mine, index, of }),
      timestampMs: mine,
      headers: { call: `${mine}` },
    }));
    const { first } = await log.append({ topic: "readings", partition }, records);
    say(`append ${partition} ${mine} ${first} ${of}`);
  }
}

async function trimForever(): Promise<never> {
  while (true) {
    await new Promise((resolve) => setTimeout(resolve, 10 + random(30)));
    const partition = random(2);
    const { first, next } = await log.bounds({ topic: "readings", partition });
    if (next === first) continue;
    // most of what is there stays, so that the check after the kill has something to read
    const upTo = first + random(Math.ceil((next - first) / 4));
    await log.trim({ topic: "readings", partition }, { upTo });
    say(`trim ${partition} ${upTo}`);
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
