/** An element of an array: PostgreSQL's text of it, null, or an array again where there are more dimensions. */
export type ArrayElement = string | null | readonly ArrayElement[];

/** Reads PostgreSQL's text of an array (`{a,"b c",NULL,{x}}`); lower bounds (`[0:1]={...}`) are left out. Throws a SyntaxError for anything else. */
export function parseArrayText(text: string): readonly ArrayElement[] {
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  const fail = (): never => {
    throw new SyntaxError(`not an array of PostgreSQL at character ${at + 1}`);
  };

  const quoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at] ?? fail();
    }
    at += 1;
    return value;
  };

  const bare = (): string | null => {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(start, at);
    return value.toUpperCase() === 'NULL' ? null : value.replaceAll(/\\(.)/gs, '$1');
  };

  const array = (): ArrayElement[] => {
    if (text[at] !== '{') fail();
    at += 1;
    const elements: ArrayElement[] = [];
    if (text[at] === '}') {
      at += 1;
      return elements;
    }
    for (;;) {
      elements.push(text[at] === '{' ? array() : text[at] === '"' ? quoted() : bare());
      const next = text[at];
      at += 1;
      if (next === '}') return elements;
      if (next !== ',') fail();
    }
  };

  const elements = array();
  if (at !== text.length) fail();
  return elements;
}
