import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";

/**
 * TypeBox validates. Text of the query, the path and the headers is converted to the schema's type; a JSON body is
 * not: there "5" is no number. Unknown keys are refused where the schema says additionalProperties: false.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (input: unknown) => {
    const filled = Value.Default(schema, input);
    const value = httpPart === "body" ? filled : Value.Convert(schema, filled);
    return check.Check(value) ? { value } : { error: check.Errors(value).slice(0, MAX_REPORTED_ERRORS) };
  };
};

/** A body may break a rule in a million places; the first few tell enough. */
const MAX_REPORTED_ERRORS = 5;
