import { person as personSchema, type Person } from './person.schemas.js';

/** What may be told about a person, from a row of the table; never the hash of the password. */
export const toPerson = (row: { createdAt: Date } & object): Person =>
  personSchema.parse({ ...row, createdAt: row.createdAt.toISOString() });
