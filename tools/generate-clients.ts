/**
 * Writes each service's OpenAPI document (services/<name>/openapi.json) and the types of its client
 * (packages/contracts/generated/<name>.ts). A service is described, not started.
 *
 *   node tools/generate-clients.ts            writes what is stale
 *   node tools/generate-clients.ts --check    writes nothing; exit 1 when something is stale
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeService, type OpenApiDocument, type ServiceDefinition } from "@gridlake/service-kit";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

const ROOT = join(import.meta.dirname, "..");

interface GeneratedFile {
  path: string;
  text: string;
}

/** The files that are not what the services' routes say. */
export async function staleFiles(root: string = ROOT): Promise<GeneratedFile[]> {
  const stale: GeneratedFile[] = [];
  for (const service of describedServices(root)) {
    const document = await describeService(await definitionOf(root, service));
    for (const file of await filesOf(root, service, document)) {
      if (!existsSync(file.path) || readFileSync(file.path, "utf8") !== file.text) stale.push(file);
    }
  }
  return stale;
}

/** Services by their folders; the gateway has no API of its own. */
function describedServices(root: string): string[] {
  return readdirSync(join(root, "services"))
    .filter((name) => name !== "gateway" && existsSync(join(root, "services", name, "index.ts")))
    .toSorted();
}

/** By convention `services/<name>/index.ts` exports its definition as `<name>`. */
async function definitionOf(root: string, name: string): Promise<ServiceDefinition<object>> {
  const path = join(root, "services", name, "index.ts");
  const module = (await import(path)) as Record<string, unknown>;
  const definition = module[name] as Partial<ServiceDefinition<object>> | undefined;
  if (definition?.name === name && typeof definition.routes === "function") {
    return definition as ServiceDefinition<object>;
  }
  throw new Error(
    `services/${name}/index.ts exports no definition "${name}"; see packages/service-kit/README.md`,
  );
}

async function filesOf(root: string, service: string, document: OpenApiDocument): Promise<GeneratedFile[]> {
  const json = `${JSON.stringify(document, null, 2)}\n`;
  // openapi-typescript resolves references in place: it gets its own copy
  const types = astToString(await openapiTS(JSON.parse(json) as OpenAPI3, { defaultNonNullable: false }));
  const header = `// Made by tools/generate-clients.ts from services/${service}/openapi.json; not to be edited.\n`;
  return [
    { path: join(root, "services", service, "openapi.json"), text: json },
    { path: join(root, "packages/contracts/generated", `${service}.ts`), text: header + types },
  ];
}

async function main(check: boolean): Promise<void> {
  const stale = await staleFiles();
  for (const file of stale) {
    if (!check) writeFileSync(file.path, file.text);
    process.stdout.write(`${check ? "stale" : "wrote"} ${file.path.slice(ROOT.length + 1)}\n`);
  }
  if (!check || stale.length === 0) return;
  process.stderr.write("run: npm run generate\n");
  process.exitCode = 1;
}

if (import.meta.main) await main(process.argv.includes("--check"));
