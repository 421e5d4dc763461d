import type { Topic } from "./topic.ts";

/** What can be done about a line in quarantine. */
export const RESOLUTION_ACTIONS = ["replayed", "discarded"] as const;
export type ResolutionAction = (typeof RESOLUTION_ACTIONS)[number];

/**
 * What was decided about lines in quarantine; of several decisions on a line the first holds. The replacements follow
 * in the lines' own topics, in one record that carries the header `resolution`: the offset of the record that has the
 * decision. Line n there replaces what line n here speaks of.
 */
export const QUARANTINE_RESOLUTIONS: Topic = {
  name: "quarantine_resolutions",
  description: "decisions on lines in quarantine",
  fields: [
    {
      name: "of_topic",
      type: "VARCHAR",
      required: true,
      maxLength: 249,
      description: "the topic that the line in quarantine came in by",
    },
    {
      name: "of_offset",
      type: "BIGINT",
      required: true,
      min: 0,
      description: "offset of the log record that carried it",
    },
    {
      name: "of_line",
      type: "BIGINT",
      required: true,
      min: 1,
      description: "its position in that record, from 1",
    },
    {
      name: "action",
      type: "VARCHAR",
      required: true,
      maxLength: 16,
      description: "replayed: a mended line was sent in its place; discarded: it will not be counted",
    },
    {
      name: "replacement",
      type: "VARCHAR",
      required: false,
      description: "the line that was sent in its place",
    },
    {
      name: "resolved_by",
      type: "VARCHAR",
      required: true,
      maxLength: 64,
      description: "the username of who decided",
    },
    { name: "note", type: "VARCHAR", required: false, maxLength: 500, description: "why" },
  ],
};
