import pg from 'pg';

type Parser = (text: string) => unknown;

const asText: Parser = (text) => text;
const builtinParser = pg.types.getTypeParser as (oid: number) => Parser;

/** Types with a JavaScript value of their own; every other stays PostgreSQL's text, so that int8, numeric and times lose nothing. */
const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, (text) => text === 't'],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, (text) => JSON.parse(text) as unknown],
  [3802, (text) => JSON.parse(text) as unknown],
  [1005, builtinParser(1005)],
  [1007, builtinParser(1007)],
  [1028, builtinParser(1028)],
  // name[], text[], varchar[]: pg reads each array of words alike.
  [1003, builtinParser(1009)],
  [1009, builtinParser(1009)],
  [1015, builtinParser(1009)],
]);

/** pg's type table for JavaScript values: see Session.rows. */
export const valueTypes = {
  getTypeParser: (oid: number): Parser => parsers.get(oid) ?? asText,
};

/** pg's type table for PostgreSQL's own text: see Session.query. */
export const textTypes = { getTypeParser: (): Parser => asText };
