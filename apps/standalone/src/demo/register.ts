import { z } from 'zod';
import { product as productSchema } from '#contracts';
import { demoPassword, type Secrets } from '../secrets.js';
import { eventually, type Api } from './api.js';
import { demoAccounts, type DemoAccount } from './accounts.js';
import type { DemoData } from './data.js';

const created = z.object({ id: z.string() });
const base = '/api/registration';

/** The ids that the services gave to what the demo data names. */
export interface Register {
  places: Map<string, string>;
  organisations: Map<string, string>;
  products: Map<string, string>;
  accounts: (DemoAccount & { password: string })[];
}

/** Enters places, organisations, people and products, and has the committees approve and certify them. */
export async function register(
  api: Api,
  data: DemoData,
  secrets: Secrets,
  say: (line: string) => void,
): Promise<Register> {
  const places = new Map<string, string>();
  for (const { id, parent, ...place } of data.places) {
    const body = { ...place, parentId: parent === null ? null : (places.get(parent) ?? null) };
    places.set(id, (await api.post(`${base}/places`, `demo-place-${id}`, body, created)).id);
  }
  say(`  ${places.size} places`);
  const organisations = await registerOrganisations(api, data, places);
  say(`  ${organisations.size} committees and producers, approved`);
  const accounts = await registerAccounts(api, data, organisations, secrets);
  say(`  ${accounts.length} accounts`);
  const products = await registerProducts(api, data, organisations);
  say(`  ${products.size} products, certified`);
  return { places, organisations, products, accounts };
}

async function registerOrganisations(
  api: Api,
  data: DemoData,
  places: Map<string, string>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const enter = async (id: string, placeKey: string, body: object): Promise<string> => {
    const placeId = places.get(placeKey);
    const { id: given } = await api.post(
      `${base}/organisations`,
      `demo-organisation-${id}`,
      { ...body, placeId },
      created,
    );
    ids.set(id, given);
    return given;
  };
  for (const { id, place, names } of data.committees)
    await enter(id, place, { kind: 'committee', names, publicName: true });
  for (const { id, village, legalForm, names, publicName, committee } of data.producers) {
    const given = await enter(id, village, { kind: 'producer', legalForm, names, publicName });
    const decision = { committeeId: ids.get(committee) };
    await api.post(`${base}/organisations/${given}/approve`, `demo-approve-${id}`, decision, created);
  }
  return ids;
}

async function registerAccounts(api: Api, data: DemoData, organisations: Map<string, string>, secrets: Secrets) {
  const accounts: Register['accounts'] = [];
  for (const account of demoAccounts(data.committees, data.producers)) {
    const { role, login, organisation, country } = account;
    const password = demoPassword(secrets, login);
    const organisationId = organisation === undefined ? undefined : organisations.get(organisation);
    await api.post(
      `${base}/people`,
      `demo-person-${login}`,
      { role, login, password, organisationId, country },
      created,
    );
    accounts.push({ ...account, password });
  }
  return accounts;
}

async function registerProducts(
  api: Api,
  data: DemoData,
  organisations: Map<string, string>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const committees = new Map(data.producers.map(({ id, committee }) => [id, organisations.get(committee)]));
  for (const { id, producer, steps, ...product } of data.products) {
    const processTemplate = steps.map(({ sequence, code, names, measurements, isPublic }) => ({
      ...{ sequence, code, names, isPublic },
      measurements: measurements.map(({ name, unit, limit, required }) => ({ name, unit, limit, required })),
    }));
    const body = { ...product, organisationId: organisations.get(producer), processTemplate };
    const { id: given } = await api.post(`${base}/products`, `demo-product-${id}`, body, productSchema);
    const decision = { committeeId: committees.get(producer) };
    await eventually(() => api.post(`${base}/products/${given}/certify`, `demo-certify-${id}`, decision, created));
    ids.set(id, given);
  }
  return ids;
}
