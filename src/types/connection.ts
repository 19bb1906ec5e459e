/** Everything pg is told about a connection, by name; nothing is left to PG* variables. */
export interface ConnectionSettings {
  /** The connection's name in chemflow.yml (`analytics`, `chemlink`). */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslmode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full' | undefined;
  readonly sslrootcert?: string | undefined;
  readonly sslcert?: string | undefined;
  readonly sslkey?: string | undefined;
  readonly connectTimeoutSeconds?: number | undefined;
  /** Settings given when the session starts (`chemflow.hash_salt`, `search_path`, `role`); values may be secret and are never printed. */
  readonly sessionSettings?: Readonly<Record<string, string>> | undefined;
}

/** dbt's `target`: where a run builds. */
export interface Target {
  readonly name: string;
  readonly profileName: string;
  readonly type: 'postgres';
  /** The default schema of the target. */
  readonly schema: string;
  readonly threads: number;
  readonly connection: ConnectionSettings;
  /** Is it the embedded server? */
  readonly embedded: boolean;
  /** Further keys of profiles.yml that templates may read (`search_path`, `role`, ...); never a password. */
  readonly extra: Readonly<Record<string, string | number | boolean | null>>;
}
