/** Exit codes of every command. */
export const EXIT = {
  /** Done, and nothing was found wrong. */
  ok: 0,
  /** It failed, or what was checked does not hold. */
  failure: 1,
  /** The command line itself is wrong; nothing was begun. */
  usage: 2,
} as const;
