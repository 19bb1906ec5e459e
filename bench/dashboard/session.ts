import pg from 'pg';

/** Where a database is. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A row as texts, as the server writes them; null where it is null. */
export type Row = readonly (string | null)[];

/** Opens a session in UTC that hands values on as the server writes them; the caller ends it. */
export async function openSession(place: Place): Promise<pg.Client> {
  const client = new pg.Client({
    ...place,
    ssl: false,
    types: { getTypeParser: () => (value: unknown) => value },
    options: '-c TimeZone=UTC',
  });
  // A session that breaks rejects its query; nobody else has to hear of it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs `work` with a session that is ended after it. */
export async function withSession<Result>(
  place: Place,
  work: (session: pg.Client) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(place);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/** The rows that a query gives. */
export async function rowsOf(session: pg.Client, sql: string): Promise<readonly Row[]> {
  return (await session.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
}
