import { get, post, type Answer } from "../api/platform.ts";

export type Account = Answer<"/api/authority/me">;

export interface Credentials {
  username: string;
  password: string;
}

export function fetchMe(): Promise<Account> {
  return get("/api/authority/me");
}

export async function postLogin(credentials: Credentials): Promise<Account> {
  return (await post("/api/authority/login", credentials)).user;
}

export async function postLogout(): Promise<void> {
  await post("/api/authority/logout");
}
