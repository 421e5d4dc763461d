/** The browser's session. Set by authority, turned into an identity by the gateway, seen by nobody else. */
export const SESSION_COOKIE = "gridlake_session";
