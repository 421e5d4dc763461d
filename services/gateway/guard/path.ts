import { GridlakeError } from "@gridlake/kernel";

/**
 * The path of a request as the services will read it: without the query, decoded once.
 * @throws REQUEST_REFUSED for a path that could mean one thing here and another behind: absolute URLs, dot segments,
 *   doubled slashes, backslashes, control characters, encodings that are not UTF-8.
 */
export function readPath(url: string | undefined): string {
  if (url === undefined || url[0] !== "/") throw refused();
  const end = url.indexOf("?");
  const raw = end < 0 ? url : url.slice(0, end);
  const path = raw.includes("%") ? decode(raw) : raw;
  if (AMBIGUOUS.test(path)) throw refused();
  return path;
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is for
const AMBIGUOUS = /\/\/|\/\.{1,2}(?:\/|$)|[\\\u0000-\u001f\u007f]/;
const INTERNAL = /(?:^|\/)internal(?:\/|$)/i;

/** Whether the path is one that only sister services may call. */
export function isInternal(path: string): boolean {
  return INTERNAL.test(path);
}

function decode(raw: string): string {
  // an encoded slash is data to a router and a slash to everyone else
  if (/%2f|%5c/i.test(raw)) throw refused();
  try {
    return decodeURIComponent(raw);
  } catch {
    throw refused();
  }
}

function refused(): GridlakeError {
  return new GridlakeError("REQUEST_REFUSED", "the path can't be taken", {
    status: 400,
    remedy: "send a plain absolute path",
  });
}
