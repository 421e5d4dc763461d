import { open } from "node:fs/promises";
import { assert } from "@gridlake/kernel";
import { codecOf, ENCODING, extentOf, rowGroups } from "./file-metadata.ts";
import { readFooterOf } from "./footer.ts";
import { pageBodyAside, pagesOf, valuesAt } from "./page.ts";

/** A nullable column has definition levels alone. */
const LEVELS = 1;

/**
 * The values of a nullable text column of a file that DuckDB wrote, as `(length:u32, little endian, bytes)*`, a page at a
 * time: as they lie in the file, so that nothing is made of them. Where a row group has a dictionary, each of its values
 * comes once.
 * @throws HUDI_FOOTER_CORRUPT
 */
export async function* textValues(
  path: string,
  column: string,
  groups?: { from: number; to: number },
): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    const { footer } = await readFooterOf(file, path);
    for (const { chunks } of rowGroups(footer).slice(groups?.from, groups?.to)) {
      const chunk = chunks.find((one) => one.path.length === 1 && one.path[0] === column);
      assert(chunk, `${path} has no column ${column}`);
      const { offset, bytes } = extentOf(chunk);
      const pages = Buffer.allocUnsafe(bytes);
      await file.read(pages, 0, bytes, offset);
      for (const page of pagesOf(pages)) {
        if (page.isDictionary) yield await pageBodyAside(page, codecOf(chunk));
        else if (page.encoding === ENCODING.plain) {
          const body = await pageBodyAside(page, codecOf(chunk));
          yield body.subarray(valuesAt(body, LEVELS));
        } else {
          const isIndex =
            page.encoding === ENCODING.plainDictionary || page.encoding === ENCODING.rleDictionary;
          assert(isIndex, `texts in the encoding ${page.encoding}`);
        }
      }
    }
  } finally {
    await file.close();
  }
}
