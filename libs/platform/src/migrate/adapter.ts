import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Numbers of types in PostgreSQL's catalogue: its one-letter "char", and text. */
const oneLetter = 18;
const text = 25;

/** Connections for the schema engine, and the end of all of them. */
export interface MigrationConnections {
  factory: SqlMigrationAwareDriverAdapterFactory;
  close(): Promise<void>;
}

/**
 * Prisma's adapter for a database to migrate, with what it lacks for migrating:
 * a script is sent whole, so it happens wholly or not at all and may hold functions (Prisma's own cuts at every
 * semicolon); the catalogue can be read (its type "char" is unknown to Prisma's); and the database in which
 * migrations are tried out is really another one (Prisma's forgets that when the address is a URL).
 */
export function migrationConnections(url: string): MigrationConnections {
  const { provider, adapterName } = new PrismaPg(url);
  const pools: pg.Pool[] = [];
  const trials: string[] = [];
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider,
    adapterName,
    connect: () => connect(url, pools),
    async connectToShadowDb() {
      const name = `migration_trial_${randomUUID().replaceAll('-', '')}`;
      await query(url, `CREATE DATABASE ${name}`);
      trials.push(name);
      const trial = new URL(url);
      trial.pathname = name;
      return connect(trial.href, pools);
    },
  };
  async function close(): Promise<void> {
    await Promise.all(pools.map((pool) => pool.end()));
    for (const name of trials) await query(url, `DROP DATABASE ${name} WITH (FORCE)`);
  }
  return { factory, close };
}

async function connect(connectionString: string, pools: pg.Pool[]): Promise<SqlDriverAdapter> {
  const letters = new Set<string>();
  const Client = clientFor(letters);
  const pool = new pg.Pool({ connectionString, Client, max: 2, idleTimeoutMillis: 0 });
  pool.on('error', () => undefined); // an idle connection broke; the next query says so
  pools.push(pool);
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (sql) => {
    const result = await queryRaw(sql);
    const typeOf = (name: string, i: number) => (letters.has(name) ? ColumnTypeEnum.Character : result.columnTypes[i]!);
    return { ...result, columnTypes: result.columnNames.map(typeOf) };
  };
  adapter.executeScript = async (sql) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] }));
  return adapter;
}

/** A client that presents one-letter columns as text, and remembers which they were. */
function clientFor(letters: Set<string>): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.connection.on('rowDescription', (message: { fields: { name: string; dataTypeID: number }[] }) => {
        for (const field of message.fields.filter(({ dataTypeID }) => dataTypeID === oneLetter)) {
          letters.add(field.name);
          field.dataTypeID = text;
        }
      });
    }
  };
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
