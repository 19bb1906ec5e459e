import copyStreams, { type CopyToStreamQuery } from 'pg-copy-streams';

/** The parts of pg-copy-streams' reader that are not in its types. */
interface Reader {
  /** Takes bytes of the connection; says whether more may come at once. */
  _parse(chunk: Buffer): boolean | undefined;
  /** 0 between messages, 1 before a length, 2 within a message. */
  readonly _state: number;
  readonly _unreadMessageContentLength: number;
  /** Bytes that it keeps for later. */
  readonly _buffer: { readonly size: number } | null;
}

const headerLength = 5;
const copyData = 0x64;
/** What is read before the writer has taken it, at most; some chunks of a socket, so that neither server waits for the other at each. */
export const copyBuffer = 512 * 1024;
/** A message that is larger is left to pg-copy-streams, which takes it in parts. */
const largeMessage = 128 * 1024;

/** Is it the pg-copy-streams that this file knows? */
function isKnown(stream: object): stream is Reader {
  const reader = stream as Partial<Reader>;
  return typeof reader._parse === 'function' && reader._state === 0 && reader._unreadMessageContentLength === 0;
}

/**
 * A COPY TO STDOUT through pg-copy-streams. The server sends a message for each row, and pg-copy-streams takes each apart by several calls, which costs as much as all
 * else that chemflow does for a copy; so whole rows are taken out of a chunk in one loop here, and only what is no whole row goes through it.
 */
export function copyOutStream(sql: string): CopyToStreamQuery {
  const stream = copyStreams.to(sql, { highWaterMark: copyBuffer });
  if (!isKnown(stream)) return stream;
  const parse = stream._parse.bind(stream);
  let kept: Buffer | undefined;
  (stream as { _parse: Reader['_parse'] })._parse = (chunk) => {
    let isDrained: boolean | undefined = true;
    let rest = kept === undefined ? chunk : Buffer.concat([kept, chunk]);
    kept = undefined;
    // The end of a message that was begun in another chunk.
    const missing = stream._state === 2 ? stream._unreadMessageContentLength : 0;
    if (missing > 0) {
      isDrained = parse(rest.subarray(0, missing));
      rest = rest.subarray(missing);
    }
    if (rest.length > 0 && stream._state === 0 && stream._buffer?.size === 0) {
      const end = endOfRows(rest);
      if (end > 0) isDrained = stream.push(withoutHeaders(rest, end));
      rest = rest.subarray(end);
      if (isBeginOfRow(rest)) {
        kept = rest;
        return isDrained;
      }
    }
    // pg-copy-streams answers with nothing when it has come to the end.
    if (rest.length > 0) isDrained = parse(rest) === true && isDrained;
    return isDrained;
  };
  return stream;
}

/** The offset behind the whole rows that a chunk begins with. */
function endOfRows(chunk: Buffer): number {
  let at = 0;
  while (at + headerLength <= chunk.length && chunk[at] === copyData) {
    const next = at + 1 + chunk.readUInt32BE(at + 1);
    if (next > chunk.length) break;
    at = next;
  }
  return at;
}

/** The rows of a chunk up to `end`, without the header of each message; the chunk itself is written over. */
function withoutHeaders(chunk: Buffer, end: number): Buffer {
  let to = 0;
  for (let at = 0; at < end;) {
    const next = at + 1 + chunk.readUInt32BE(at + 1);
    chunk.copyWithin(to, at + headerLength, next);
    to += next - at - headerLength;
    at = next;
  }
  return chunk.subarray(0, to);
}

/** Is it the beginning of a row that will be whole with the next chunk? */
function isBeginOfRow(rest: Buffer): boolean {
  if (rest.length === 0 || rest[0] !== copyData) return false;
  return rest.length < headerLength || rest.readUInt32BE(1) <= largeMessage;
}
