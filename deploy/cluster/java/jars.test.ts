import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findJava } from "./java.ts";
import { resolveJars } from "./jars.ts";

let root = "";
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gridlake-jars-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A PATH with programs that are these shell scripts, beside what the shell itself has. */
async function path(programs: Readonly<Record<string, string>>): Promise<{ PATH: string }> {
  folders += 1;
  const folder = join(root, `bin-${folders}`);
  await mkdir(folder);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: `${folder}:/bin:/usr/bin` };
}

/** Maven as we call it: writes two jars, and counts its calls in a file. */
const MAVEN = `for a in "$@"; do case $a in -DoutputDirectory=*) d=\${a#*=};; esac; done
echo call >> "${"$COUNT"}"; : > $d/one.jar; : > $d/two.jar`;

async function pom(): Promise<{ pom: string; cache: string; say: () => void }> {
  folders += 1;
  const folder = join(root, `fake-${folders}`);
  await mkdir(folder);
  await writeFile(join(folder, "pom.xml"), "<project/>");
  return { pom: join(folder, "pom.xml"), cache: join(root, `cache-${folders}`), say: () => {} };
}

async function calls(file: string): Promise<number> {
  return existsSync(file) ? (await readFile(file, "utf8")).trim().split("\n").length : 0;
}

test("jars are fetched once, again when the pom changes or one of them is lost", async () => {
  const what = await pom();
  const count = join(root, "count-once");
  const env = { ...(await path({ mvn: MAVEN })), COUNT: count };
  const folder = await resolveJars({ ...what, env });
  expect((await readdir(folder)).sort()).toEqual(["complete", "one.jar", "two.jar"]);
  expect(await resolveJars({ ...what, env })).toBe(folder);
  expect(await calls(count)).toBe(1);
  await rm(join(folder, "one.jar"));
  expect(await resolveJars({ ...what, env })).toBe(folder);
  expect(await readdir(folder)).toContain("one.jar");
  await writeFile(what.pom, "<project>2</project>");
  expect(await resolveJars({ ...what, env })).not.toBe(folder);
  expect(await calls(count)).toBe(3);
});

test("several that fetch at once all get the whole folder, and leave nothing else", async () => {
  const what = await pom();
  const env = { ...(await path({ mvn: MAVEN })), COUNT: join(root, "count-many") };
  const found = await Promise.all(Array.from({ length: 5 }, () => resolveJars({ ...what, env })));
  expect(new Set(found).size).toBe(1);
  expect(await readdir(what.cache)).toHaveLength(1);
});

test("a fetch that fails or is cut short leaves nothing that looks whole", async () => {
  const what = await pom();
  const failing = await path({
    mvn: `${MAVEN}\necho '[ERROR] Could not find artifact x:y:jar:1'; echo noise; exit 1`,
  });
  await expect(
    resolveJars({ ...what, env: { ...failing, COUNT: join(root, "count-failed") } }),
  ).rejects.toMatchObject({
    code: "CLUSTER_JARS",
    message: expect.stringMatching(/Maven failed\n {2}\[ERROR\] Could not find artifact x:y:jar:1$/),
  });
  expect(await readdir(what.cache)).toEqual([]);
  const none = await path({ mvn: "exit 0" });
  await expect(resolveJars({ ...what, env: none })).rejects.toMatchObject({ code: "CLUSTER_JARS" });
});

test("without Maven the remedy is named", async () => {
  const what = await pom();
  await expect(resolveJars({ ...what, env: { PATH: join(root, "empty") } })).rejects.toMatchObject({
    code: "CLUSTER_NO_MAVEN",
    remedy: expect.stringContaining("apt-get install maven"),
  });
});

test("Java is found, and one that is missing, broken, too old or too new is told", async () => {
  const java = (version: string) => path({ java: `echo 'openjdk version "${version}" 2025-01-01' >&2` });
  expect(await findJava(await java("17.0.15"))).toMatchObject({ major: 17 });
  expect(await findJava(await java("21"))).toMatchObject({ major: 21 });
  for (const version of ["1.8.0_402", "11.0.2", "24.0.1"]) {
    await expect(findJava(await java(version))).rejects.toMatchObject({
      code: "CLUSTER_JAVA_VERSION",
      message: expect.stringContaining(version),
    });
  }
  await expect(findJava(await path({ java: "exit 1" }))).rejects.toMatchObject({ code: "CLUSTER_NO_JAVA" });
  await expect(findJava({ PATH: join(root, "empty") })).rejects.toMatchObject({
    code: "CLUSTER_NO_JAVA",
    remedy: expect.stringContaining("openjdk-17"),
  });
  await expect(findJava({ JAVA_HOME: join(root, "nowhere") })).rejects.toMatchObject({
    message: expect.stringContaining("nowhere"),
  });
});
