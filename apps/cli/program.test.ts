import { expect, test } from "vitest";
import { FakeContext } from "./fake-context.ts";
import { runCommandLine } from "./program.ts";
import { ALL_STAGES } from "./test-run/stages.ts";

const run = async (...args: string[]) => {
  const context = new FakeContext({ root: "/repo" });
  const code = await runCommandLine(args, context);
  return { code, stdout: context.stdout, stderr: context.stderr };
};

const COMMANDS = ["up", "simulate", "query", "verify", "test", "version"];

test("help lists every command, on standard output, and is no failure", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
  }
});

test.each(COMMANDS)("%s has help of its own", async (command) => {
  const { code, stdout } = await run(command, "--help");
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: gridlake ${command}`);
  expect(await run("help", command)).toEqual(await run(command, "--help"));
});

test("the version names Node's too", async () => {
  const expected = `gridlake 0.1.0 (Node ${process.versions.node}, ${process.platform} ${process.arch})\n`;
  expect(await run("version")).toEqual({ code: 0, stdout: expected, stderr: "" });
  expect(await run("--version")).toEqual({ code: 0, stdout: expected, stderr: "" });
});

test.each([[[]], [["nonsense"]], [["query"]], [["query", "SELECT 1", "SELECT 2"]], [["test", "nonsense"]]])(
  "%j is wrong usage: exit code 2, nothing on standard output",
  async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("help");
  },
);

test("the stages that the help names are those that there are", async () => {
  const { stdout } = await run("test", "--help");
  const choices = ["all", ...ALL_STAGES].map((name) => JSON.stringify(name)).join(", ");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(`(choices: ${choices})`);
});
