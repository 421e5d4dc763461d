import { Type } from "typebox";

/** Largest page of any list; also what keeps an answer's size bounded. */
export const MAX_PAGE_SIZE = 500;
export const DEFAULT_PAGE_SIZE = 20;
/** Last page that can be asked for: beyond it, narrow the search. */
export const MAX_PAGE = 1_000_000;

export const pagingQuery = {
  page: Type.Integer({
    minimum: 1,
    maximum: MAX_PAGE,
    default: 1,
    description: "page, from 1; a page beyond the last is empty",
  }),
  pageSize: Type.Integer({
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: DEFAULT_PAGE_SIZE,
    description: "rows of a page",
  }),
};

export const pagingAnswer = {
  page: Type.Integer({ description: "as asked for" }),
  pageSize: Type.Integer({ description: "as asked for" }),
  total: Type.Integer({ description: "rows of all pages together" }),
};

export function offsetOf(query: { page: number; pageSize: number }): number {
  return (query.page - 1) * query.pageSize;
}
