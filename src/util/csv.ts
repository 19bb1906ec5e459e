/** The records of a CSV text (RFC 4180: quotes doubled within quotes, any line ends), empty lines left out. Throws an Error that names the line where a quote is never closed. */
export function parseCsv(text: string, delimiter = ','): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quotedSince = 0;
  let wasQuoted = false;
  let line = 1;
  const endField = (): void => {
    record.push(field);
    field = '';
    wasQuoted = false;
  };
  const endRecord = (): void => {
    if (record.length > 0 || field !== '' || wasQuoted) {
      endField();
      records.push(record);
    }
    record = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') line += 1;
    if (quotedSince > 0) {
      if (character !== '"') field += character;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else quotedSince = 0;
    } else if (character === '"' && field === '') {
      quotedSince = line;
      wasQuoted = true;
    } else if (character === delimiter) endField();
    else if (character === '\n') endRecord();
    else if (character !== '\r') field += character;
  }
  if (quotedSince > 0) throw new Error(`the quote that is opened in line ${quotedSince} is never closed`);
  endRecord();
  return records;
}
