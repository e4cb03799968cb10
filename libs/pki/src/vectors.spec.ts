import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { verifyLabel } from '#label';
import { createTrustStore, readCertificates, readCrls } from '#pki';

const folder = new URL('../../label/test-data/', import.meta.url);
const file = (name: string): Uint8Array => readFileSync(new URL(name, folder));
const vector = z.object({
  id: z.string(),
  uri: z.string(),
  expect: z.string(),
  note: z.string(),
  at: z.iso.datetime(),
});
const { vectors, hosts } = z
  .object({ hosts: z.array(z.string()), vectors: z.array(vector) })
  .parse(JSON.parse(Buffer.from(file('vectors.json')).toString()));

const trust = createTrustStore({
  hosts,
  roots: readCertificates(file('root.pem')),
  certificates: ['kg-ca.pem', 'signer1.pem', 'signer2-revoked.pem'].flatMap((name) => readCertificates(file(name))),
  crls: ['root.crl.pem', 'kg.crl.pem'].flatMap((name) => readCrls(file(name))),
});

describe('the vectors of the label profile', () => {
  it.each(vectors)('$id: $expect ($note)', async ({ uri, expect: expected, at }) => {
    expect((await verifyLabel(uri, trust, new Date(at))).code).toBe(expected);
  });
});
