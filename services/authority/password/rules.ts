import { GridlakeError } from "@gridlake/kernel";

/** NIST SP 800-63B §3.1.1.2: length and a blocklist; no rules of composition, no expiry. */
export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 256;

/** What people put at the core of a bad password; variants of it follow by rule. */
const COMMON_WORDS = new Set([
  "password",
  "passwort",
  "passwd",
  "pass",
  "admin",
  "administrator",
  "root",
  "user",
  "guest",
  "login",
  "welcome",
  "letmein",
  "secret",
  "master",
  "default",
  "changeme",
  "changeit",
  "test",
  "tester",
  "iloveyou",
  "dragon",
  "monkey",
  "football",
  "sunshine",
  "princess",
  "superman",
  "gridlake",
  "grid",
  "energy",
  "electric",
]);

/** Rows of keys and orders that fingers and minds run along. */
const RUNS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "1qaz2wsx3edc4rfv5tgb",
];

const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** The form in which a password is hashed and compared: one for each way of typing the same characters. */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}

/** @throws AUTHORITY_PASSWORD_REFUSED saying which rule it breaks. */
export function assertGoodPassword(password: string, username: string): void {
  const normal = normalizePassword(password);
  const length = [...normal].length;
  if (length < MIN_PASSWORD_LENGTH) refuse("short", `it has ${length} characters`);
  if (length > MAX_PASSWORD_LENGTH) refuse("long", `it has ${length} characters`);
  const folded = normal.toLowerCase();
  if (isRepetition(folded)) refuse("repetition", "it repeats itself");
  if (isRun(folded)) refuse("sequence", "it follows a row of keys or an order");
  if (isCommon(folded)) refuse("common", "it is among the first that anyone would try");
  if (username !== "" && core(folded) === core(username.toLowerCase()))
    refuse("username", "it is the user's name");
}

/** "aaaaaaaa", "abcabcabc": a piece of up to four characters over and over. */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= 4; period += 1) {
    if ([...text].every((letter, at) => at < period || letter === text[at - period])) return true;
  }
  return false;
}

/** Whether all of it, both ways and from anywhere, is one run: "23456789", "poiuytrewq". */
function isRun(text: string): boolean {
  return RUNS.some((run) => {
    const ring = run.repeat(Math.ceil(text.length / run.length) + 1);
    return ring.includes(text) || [...ring].toReversed().join("").includes(text);
  });
}

/** "P@ssw0rd2024!" → "password": what is left without the usual decoration. */
function isCommon(text: string): boolean {
  const bare = core(text);
  if (bare === "" || COMMON_WORDS.has(bare)) return true;
  return [...COMMON_WORDS].some(
    (word) => bare.length % word.length === 0 && word.repeat(bare.length / word.length) === bare,
  );
}

/** Strips digits and signs from both ends, undoes look-alikes inside. All digits and signs → "". */
function core(text: string): string {
  const stripped = text.replace(/^[\d\W_]+|[\d\W_]+$/gu, "");
  const letters = /\p{L}/u.test(text) ? stripped : "";
  const undone = [...letters].map((letter) => LEET[letter] ?? letter).join("");
  return undone === "" && isShortNumber(text) ? "" : undone || text;
}

/** Digits alone are weak when they are few: dates, telephone numbers, PINs. */
function isShortNumber(text: string): boolean {
  return /^\d{1,12}$/.test(text);
}

function refuse(rule: string, because: string): never {
  throw new GridlakeError("AUTHORITY_PASSWORD_REFUSED", `the password can't be used: ${because}`, {
    status: 422,
    remedy: `choose one of ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters that nobody would guess; several words do well`,
    details: { rule },
  });
}
