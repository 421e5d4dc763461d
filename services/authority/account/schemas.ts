import { ROLES } from "@gridlake/contracts";
import { Type, type Static } from "typebox";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../password/rules.ts";
import type { Account } from "../store/entities.ts";

export const RoleSchema = Type.Enum(ROLES);
export const RoleList = Type.Array(RoleSchema, {
  maxItems: ROLES.length,
  description: "what the person may be",
});

/** Room for any password there may be; the rules for new ones are `NewPassword`. */
export const GivenPassword = Type.String({ minLength: 1, maxLength: MAX_PASSWORD_LENGTH * 4 });
export const NewPassword = Type.String({
  minLength: MIN_PASSWORD_LENGTH,
  maxLength: MAX_PASSWORD_LENGTH * 4,
  description: `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, not an obvious one`,
});
export const Username = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
  description: "letters, digits, dot, dash, underscore; case does not matter",
});
const DisplayName = Type.String({ minLength: 1, maxLength: 200 });

export const Me = Type.Object({
  id: Type.String(),
  username: Type.String(),
  displayName: Type.String(),
  roles: RoleList,
});

export const AccountView = Type.Object({
  ...Me.properties,
  enabled: Type.Boolean(),
  createdAt: Type.String({ format: "date-time" }),
  updatedAt: Type.String({ format: "date-time" }),
  version: Type.Integer({ description: "send it back with a change" }),
});
export const AccountPage = Type.Object({
  items: Type.Array(AccountView),
  next: Type.Union([Type.String(), Type.Null()], {
    description: "`after` of the next page, null on the last",
  }),
});

export const CreateAccount = Type.Object(
  { username: Username, displayName: Type.Optional(DisplayName), password: NewPassword, roles: RoleList },
  { additionalProperties: false },
);
export const ChangeAccount = Type.Object(
  {
    version: Type.Integer({ description: "of the account as it was read" }),
    displayName: Type.Optional(DisplayName),
    roles: Type.Optional(RoleList),
    enabled: Type.Optional(Type.Boolean({ description: "false ends the sessions and silences the tokens" })),
    password: Type.Optional(NewPassword),
  },
  { additionalProperties: false },
);

export const AccountId = Type.Object({ id: Type.String({ format: "uuid" }) });

export function meView(account: Account): Static<typeof Me> {
  const { id, username, displayName, roles } = account;
  return { id, username, displayName, roles };
}

export function accountView(account: Account): Static<typeof AccountView> {
  return {
    ...meView(account),
    enabled: account.enabled,
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
    version: account.version,
  };
}
