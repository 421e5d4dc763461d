/*
 * Reads the types that are generated from the services' OpenAPI documents (packages/contracts/generated): by path and
 * method, what goes in and what comes out.
 */

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that have this method. */
export type PathWith<Paths, M extends Method> = {
  [P in keyof Paths]: Paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof Paths] &
  string;

type Operation<Paths, P extends keyof Paths, M extends Method> = Paths[P] extends { [K in M]: infer O }
  ? O
  : never;

/** The JSON of a 200; undefined where the answer has no body. */
export type AnswerOf<Paths, P extends keyof Paths, M extends Method> =
  Operation<Paths, P, M> extends { responses: { 200: { content: { "application/json": infer A } } } }
    ? A
    : undefined;

export type QueryOf<Paths, P extends keyof Paths, M extends Method> =
  Operation<Paths, P, M> extends { parameters: { query?: infer Q } } ? Q : never;

export type BodyOf<Paths, P extends keyof Paths, M extends Method> =
  Operation<Paths, P, M> extends { requestBody: { content: { "application/json": infer B } } }
    ? B
    : undefined;
