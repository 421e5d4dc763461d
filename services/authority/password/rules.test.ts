import { expect, test } from "vitest";
import { assertGoodPassword } from "./rules.ts";

const rule = (password: string, username = "ann") => {
  try {
    assertGoodPassword(password, username);
    return "good";
  } catch (error) {
    return (error as { details: { rule: string } }).details.rule;
  }
};

test.each([
  ["short", "k3Gh!q9"],
  ["long", "x y".repeat(100)],
  ["repetition", "aaaaaaaaaa"],
  ["repetition", "xyz1xyz1xyz1"],
  ["sequence", "12345678"],
  ["sequence", "98765432"],
  ["sequence", "QWERTYUIOP"],
  ["sequence", "lkjhgfdsa"],
  ["sequence", "1qaz2wsx"],
  ["common", "password"],
  ["common", "P@ssw0rd2024!"],
  ["common", "gridlake123"],
  ["common", "!!letmein!!"],
  ["common", "adminadmin"],
  ["common", "20240131"],
])("%s: %s", (expected, password) => expect(rule(password)).toBe(expected));

test.each(["bob.miller1", "BOB.MILLER99"])("the user's own name is refused: %s", (password) =>
  expect(rule(password, "bob.miller")).toBe("username"),
);

test.each([
  "correct horse battery staple",
  "tr4nsf0rmer-9kV-hum",
  "пароль длинный и свой",
  "变电站的夜班很安静呢",
  "8".repeat(3) + "1029384756471",
  "🔌🔋💡🗼⚡🏭🌊🌬️",
  "x".repeat(3) + "y z".repeat(30),
])("length and being one's own is enough: %s", (password) => expect(rule(password)).toBe("good"));
