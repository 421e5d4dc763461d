import { callInstance, type OpenApiDocument } from "@gridlake/service-kit";
import { isInternal } from "../guard/path.ts";
import type { RouteTable } from "../routing/route-table.ts";

const FETCH_TIMEOUT_MS = 3_000;

/** The public API as one document, made of what the services that are there say of themselves. */
export class PlatformDocument {
  readonly #routes: RouteTable;
  #made: { version: number; document: OpenApiDocument } | undefined;

  constructor(routes: RouteTable) {
    this.#routes = routes;
  }

  async get(): Promise<OpenApiDocument> {
    const { version } = this.#routes;
    if (this.#made?.version !== version) this.#made = { version, document: merge(await this.#fetchAll()) };
    return this.#made.document;
  }

  async #fetchAll(): Promise<{ service: string; document: OpenApiDocument }[]> {
    const one = new Map(
      this.#routes.instances
        .filter((instance) => instance.healthy)
        .map((instance) => [instance.service, instance]),
    );
    return Promise.all(
      [...one].map(async ([service, instance]) => {
        const answer = await callInstance(
          instance,
          new Request("http://describe/openapi.json"),
          FETCH_TIMEOUT_MS,
        );
        return { service, document: (await answer.json()) as OpenApiDocument };
      }),
    );
  }
}

/** Each document's paths as they are; schemas of one name that differ get their service's name in front. */
export function merge(parts: readonly { service: string; document: OpenApiDocument }[]): OpenApiDocument {
  const merged: OpenApiDocument = {
    openapi: "3.1.0",
    info: { title: "Gridlake", version: "0.1.0", description: "The whole platform's public API." },
    tags: [],
    paths: {},
    components: { schemas: {}, securitySchemes: {} },
  };
  for (const { service, document } of parts.toSorted((a, b) => (a.service < b.service ? -1 : 1))) {
    const renamed = new Map<string, string>();
    for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
      const there = merged.components.schemas?.[name];
      const free = there === undefined || JSON.stringify(there) === JSON.stringify(schema);
      renamed.set(name, free ? name : `${service}.${name}`);
    }
    const { paths, components } = withRefs(document, renamed);
    for (const [path, item] of Object.entries(paths)) if (!isInternal(path)) merged.paths[path] = item;
    for (const [name, schema] of Object.entries(components.schemas ?? {})) {
      merged.components.schemas = { ...merged.components.schemas, [renamed.get(name) ?? name]: schema };
    }
    Object.assign(merged.components.securitySchemes ?? {}, components.securitySchemes);
    merged.tags?.push(...(document.tags ?? []));
  }
  return merged;
}

const SCHEMAS = "#/components/schemas/";

function withRefs(document: OpenApiDocument, renamed: ReadonlyMap<string, string>): OpenApiDocument {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key !== "$ref" || typeof value !== "string" || !value.startsWith(SCHEMAS)) return value;
    const name = value.slice(SCHEMAS.length);
    return SCHEMAS + (renamed.get(name) ?? name);
  }) as OpenApiDocument;
}
