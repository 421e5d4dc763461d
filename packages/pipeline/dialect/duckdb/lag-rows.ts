// How a lag follows its input. The state keeps, hidden beside each row, the order value of the row before it
// (`__before`), so that neighbours are found by equality and not by search:
//
//   touched   the changed rows, those that went among them; the rows right behind them (`__before` = the changed row's order)
//   loose     those whose row before has to be searched: rows that are fresh, and the rows behind those
//   before    for each touched row the order value of its row before: what the state says, for loose rows what is found
//
// The row behind one that went finds that one's row before: it is at hand, for what went is touched too.
//
// The search widens: most rows have their neighbour within the hour, the first row of a device has none at all.

import type { LagWindow } from "../../plan/lag-window.ts";
import { LAG_BEFORE as BEFORE } from "../../plan/maintenance.ts";
import { ident } from "./quote.ts";
import { columnList, keysEqual, newName, REPLACES, stateName } from "./state-table.ts";

/** How far back the row before is looked for, one after the other; null: without end. */
export const SEARCHES = ["INTERVAL '1 hour'", "INTERVAL '1 day'", null] as const;

export interface LagTables {
  touched: string;
  loose: string;
  before: string;
}

export class LagRows {
  readonly tables: LagTables;
  readonly #window: LagWindow;
  readonly #source: string;
  readonly #state: string;
  readonly #key: readonly string[];
  readonly #order: string;

  /** @param model the lag's model, whose key columns are named `key`, in the order of `window.key` */
  constructor(window: LagWindow, model: { name: string; key: readonly string[] }) {
    this.#window = window;
    this.#source = stateName(window.input.source.name);
    this.#state = stateName(model.name);
    this.#key = model.key;
    this.#order = ident(model.key[window.key.indexOf(window.order)] ?? window.order);
    const name = (part: string): string => `temp.${ident(`${model.name}__${part}`)}`;
    this.tables = { touched: name("units"), loose: name("loose"), before: name("before") };
  }

  /** For `loose`: the rows that are new to the model. */
  freshSql(): string {
    const fresh = `SELECT ${this.#renamed("n")} FROM ${newName(this.#window.input.source.name)} AS n`;
    // where the input's key tells its rows apart, a row that replaces none is new here too
    if (this.#window.isInputKey) return `${fresh} WHERE NOT n.${REPLACES}`;
    return `SELECT f.* FROM (${fresh}) AS f ANTI JOIN ${this.#state} AS t ON ${keysEqual(this.#key, "f", "t")}`;
  }

  /** The least order among the loose rows as SQL; only instants have a literal. */
  leastLooseSql(): string {
    const least = this.#window.orderIsInstant
      ? `'make_timestamptz(' || epoch_us(min(${this.#order})) || ')'`
      : `CAST(NULL AS VARCHAR)`;
    return `SELECT ${least} FROM ${this.tables.loose}`;
  }

  /**
   * For `loose`: what is there, and the rows behind those that are new.
   * @param least the least order among the new ones as SQL, by which whole row groups are passed over
   */
  behindLooseSql(least: string | null): string {
    const { loose } = this.tables;
    const list = this.#key.map((name) =>
      ident(name) === this.#order ? `min(s.${ident(name)}) AS ${ident(name)}` : `s.${ident(name)}`,
    );
    const partition = this.#partition();
    // all of a new row's neighbours are rows that the model has, or new ones as well
    const behindFresh = `SELECT ${list.join(", ")} FROM ${loose} AS f
JOIN (SELECT ${this.#renamed("r")} FROM ${this.#source} AS r${least === null ? "" : ` WHERE r.${ident(this.#window.order)} > ${least}`}) AS s
  ON ${this.#samePartition("f", "s")}f.${this.#order} < s.${this.#order}
GROUP BY ${["f." + this.#order, ...partition.map((name) => `s.${name}`)].join(", ")}`;
    return `FROM ${loose} UNION (${behindFresh})`;
  }

  /** For `touched`: the changed rows, those behind them, and all that are loose. */
  touchedSql(change: string): string {
    const changed = `(SELECT DISTINCT ${this.#renamed("c")} FROM ${change} AS c)`;
    return `FROM ${changed}
UNION (SELECT ${this.#keyOf("t")} FROM ${this.#state} AS t JOIN ${changed} AS c
  ON ${this.#samePartition("t", "c")}t.${ident(BEFORE)} = c.${this.#order})
UNION FROM ${this.tables.loose}`;
  }

  /**
   * For `before`: what the state says of the rows that are not loose.
   * @param existing the touched rows of the state
   */
  knownBeforeSql(existing: string): string {
    return `SELECT ${this.#keyOf("t")}, t.${ident(BEFORE)} FROM ${existing} AS t
ANTI JOIN ${this.tables.loose} AS l ON ${keysEqual(this.#key, "t", "l")}`;
  }

  /**
   * Adds to `before` what a search finds for loose rows, and takes those off `loose`.
   * @param least the least order among the loose rows as SQL
   */
  searchSql(back: string | null, least: string | null): [find: string, found: string] {
    const { loose, before } = this.tables;
    const near =
      back === null || least === null
        ? `SELECT ${this.#renamed("r")} FROM ${this.#source} AS r`
        : `SELECT ${this.#renamed("r")} FROM ${this.#source} AS r
  WHERE r.${ident(this.#window.order)} >= ${least} - ${back}`;
    return [
      `INSERT INTO ${before} SELECT ${this.#keyOf("l")}, max(p.${this.#order}) AS ${ident(BEFORE)}
FROM ${loose} AS l JOIN (${near}) AS p ON ${this.#samePartition("l", "p")}p.${this.#order} < l.${this.#order}
GROUP BY ${this.#keyOf("l")}`,
      `DELETE FROM ${loose} AS l USING ${before} AS b WHERE ${keysEqual(this.#key, "l", "b")}`,
    ];
  }

  /** The touched rows and the row before each. */
  inputRelation(): string {
    const { touched, before } = this.tables;
    const on = this.#window.key.map((name, at) => `r.${ident(name)} = k.${ident(this.#key[at] ?? name)}`);
    const orderAt = this.#window.key.indexOf(this.#window.order);
    const beforeKey = this.#key.map((name, at) => (at === orderAt ? BEFORE : name));
    const needed = `FROM ${touched} UNION ALL SELECT ${columnList(beforeKey)} FROM ${before}`;
    return `(SELECT r.* FROM ${this.#source} AS r SEMI JOIN (${needed}) AS k ON ${on.join(" AND ")})`;
  }

  /** The input's key columns under the model's names. */
  #renamed(alias: string): string {
    return this.#window.key
      .map((name, at) => `${alias}.${ident(name)} AS ${ident(this.#key[at] ?? name)}`)
      .join(", ");
  }

  #keyOf(alias: string): string {
    return this.#key.map((name) => `${alias}.${ident(name)}`).join(", ");
  }

  #partition(): string[] {
    return this.#key.map((name) => ident(name)).filter((name) => name !== this.#order);
  }

  #samePartition(left: string, right: string): string {
    return this.#partition()
      .map((name) => `${left}.${name} = ${right}.${name} AND `)
      .join("");
  }
}
