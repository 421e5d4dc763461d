import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { findChromium, needChromium } from "./chromium.ts";
import { Workshop } from "./workshop.ts";

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "gridlake-chromium-"));
});
afterEach(() => rmSync(bin, { recursive: true }));

function command(name: string, script: string): string {
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const CALLS = () => readFileSync(join(bin, "calls"), "utf8").trim().split("\n");
// the shell's own commands are found, the machine's Chromium and apt-get are not
const need = (isRoot: boolean, env: Record<string, string> = {}) => {
  const context = new FakeContext({ root: bin, env: { PATH: bin, ...env } });
  return needChromium(new Workshop(context), context.env, { isRoot });
};

test("what the environment names comes first, then the PATH", () => {
  const onPath = command("chromium-browser", "true");
  const named = command("my chromium", "true");
  expect(findChromium({ PATH: bin })).toBe(onPath);
  expect(findChromium({ PATH: bin, GRIDLAKE_CHROMIUM: named })).toBe(named);
  expect(findChromium({ PATH: bin, GRIDLAKE_CHROMIUM: join(bin, "nothing") })).toBeUndefined();
  expect(findChromium({})).toBeUndefined();
});

test("a file that cannot be run is not taken for it", () => {
  writeFileSync(join(bin, "chromium"), "", { mode: 0o644 });
  expect(findChromium({ PATH: bin })).toBeUndefined();
});

const apt = (script: string) =>
  command("apt-get", `dir=\${0%/*}; echo "$* RUNLEVEL=$RUNLEVEL" >>"$dir/calls"\n${script}`);
const LAY_DOWN = 'printf "#!/bin/sh\\n" >"$dir/chromium"; /bin/chmod +x "$dir/chromium"';

test("root on a Debian gets it installed", async () => {
  apt(LAY_DOWN);
  expect(await need(true)).toBe(join(bin, "chromium"));
  expect(CALLS()).toEqual(["-q install -y --no-install-recommends chromium RUNLEVEL=1"]);
});

test("an install that fails is tried once more, on fresh lists", async () => {
  apt(
    `case "$*" in *update*) echo yes >"$dir/updated";; *) [ -f "$dir/updated" ] && { ${LAY_DOWN}; };; esac`,
  );
  expect(await need(true)).toBe(join(bin, "chromium"));
  expect(CALLS().map((call) => call.split(" ")[1])).toEqual(["install", "update", "install"]);
});

test("one who is not root is told how to get it, and nothing is tried", async () => {
  apt(LAY_DOWN);
  await expect(need(false)).rejects.toMatchObject({
    code: "CLI_NO_CHROMIUM",
    remedy: expect.stringContaining("apt-get install chromium") as string,
  });
  expect(() => CALLS()).toThrow("ENOENT");
});

test("where there is no apt-get, or it fails, the error says how to get it", async () => {
  await expect(need(true)).rejects.toMatchObject({ code: "CLI_NO_CHROMIUM" });
  apt("exit 100");
  await expect(need(true)).rejects.toMatchObject({ code: "CLI_NO_CHROMIUM" });
  expect(CALLS()).toHaveLength(2);
});
