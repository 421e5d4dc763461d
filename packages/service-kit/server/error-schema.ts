import { Type } from "typebox";

/** The schema of `ErrorBody` (contracts), for the OpenAPI documents. */
export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: "stable, upper snake case; what a program decides by" }),
      message: Type.String({ description: "what happened, for a person" }),
      remedy: Type.Optional(Type.String({ description: "what the caller can do about it" })),
      retry: Type.Union([Type.Literal("never"), Type.Literal("later"), Type.Literal("after-refresh")], {
        description: "whether the same call may succeed later, or after the caller has read newer state",
      }),
      details: Type.Record(Type.String(), Type.Unknown(), {
        description: "the values the message speaks of",
      }),
      requestId: Type.String({ description: "finds this request in the logs" }),
    }),
  },
  { $id: "ErrorBody", description: "A refusal" },
);
