import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  product as productSchema,
  ProductCertified,
  ProductRegistered,
  type Country,
  type Organisation,
  type Product,
} from '#contracts';
import { CLOCK, CONFIG, newId, publish, type Clock, type Principal } from '#platform';
import { assertWithin, decidingCommittee, limitsOf } from '../access.rules.js';
import type { Config } from '../config.js';
import { nextNumber } from '../counter.queries.js';
import { Database, type Tx } from '../database.js';
import {
  decisionOf,
  findOrganisation,
  holdOrganisation,
  lockOrganisation,
  namedOrganisation,
} from '../organisations/organisations.queries.js';
import { containing, newestFirst, searchTextOf, toPage, type Page } from '../page.js';
import {
  assertChangeable,
  assertInOrder,
  assertMayHaveProducts,
  certificateNumber,
  certify,
  lastDay,
  nextGtin,
  ownGtin,
} from './product.rules.js';
import type {
  CertifiedProduct,
  CertifyProduct,
  ProductAnswer,
  ProductFacts,
  ProductSearch,
  RegisterProduct,
} from './product.schemas.js';
import { lockProduct, toProductAnswer } from './products.queries.js';

const withOwnerAndCertificate = { organisation: true, certificate: true } as const;

@Injectable()
export class ProductsService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Enters a product of a producer and gives it its GTIN, for ever. */
  async register(actor: Principal, { gtin: given, ...input }: RegisterProduct): Promise<Product> {
    assertInOrder(input.processTemplate);
    const own = given === undefined ? undefined : ownGtin(given, this.config.GTIN_PROGRAMME_PREFIX);
    return this.db.write(async (tx) => {
      const now = this.now();
      const { organisationId } = input;
      await lockOrganisation(tx, organisationId);
      const organisation = await namedOrganisation(tx, 'organisationId', organisationId);
      assertWithin(actor, { organisationId, country: organisation.country });
      assertMayHaveProducts(organisation);
      const gtin = own ?? (await allocate(tx, organisation));
      const product = productSchema.parse({ ...input, id: newId(now), gtin, status: 'registered' });
      await insert(tx, product, organisation.country, now);
      await publish(tx, ProductRegistered, product.id, { product }, now);
      return product;
    });
  }

  /** Replaces what is said about a product that is not certified yet; the event carries the whole product again. */
  async change(actor: Principal, id: string, facts: ProductFacts): Promise<Product> {
    assertInOrder(facts.processTemplate);
    return this.db.write(async (tx) => {
      const now = this.now();
      const registered = await lockProduct(tx, id);
      const { organisationId } = registered;
      const { country } = await findOrganisation(tx, organisationId);
      assertWithin(actor, { organisationId, country });
      assertChangeable(registered);
      const product = { ...registered, ...facts };
      await tx.product.update({
        where: { id },
        data: { ...facts, searchText: searchTextOf(Object.values(facts.names)) },
      });
      await publish(tx, ProductRegistered, id, { product }, now);
      return product;
    });
  }

  /** Enters a committee's certification. The first one stands: a second is a conflict. */
  async certify(actor: Principal, id: string, body: CertifyProduct): Promise<CertifiedProduct> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const registered = await lockProduct(tx, id);
      await holdOrganisation(tx, registered.organisationId);
      const organisation = await findOrganisation(tx, registered.organisationId);
      const committee = await namedOrganisation(tx, 'committeeId', decidingCommittee(actor, body.committeeId));
      const product = certify(registered, organisation, committee);
      const validUntil = lastDay(body.validUntil, now);
      const number = await nextCertificateNumber(tx, organisation.country, now);
      const certification = { ...decisionOf(committee, now), number, validUntil };
      await tx.product.update({ where: { id }, data: { status: product.status } });
      await tx.certificateOfQuality.create({
        data: {
          ...certification,
          productId: id,
          decidedAt: now,
          validUntil: new Date(validUntil),
          decidedBy: actor.id,
        },
      });
      await publish(tx, ProductCertified, id, { product, certification }, now);
      return { ...product, certification };
    });
  }

  /** The products that the actor may see, newest first. */
  async search(actor: Principal, query: ProductSearch): Promise<Page<ProductAnswer>> {
    const { q, gtin, category, status, limit } = query;
    const rows = await this.db.product.findMany({
      where: {
        ...limitsOf(actor, query),
        ...(q === undefined ? {} : { searchText: containing(q) }),
        gtin,
        category,
        status,
      },
      include: withOwnerAndCertificate,
      ...newestFirst(query),
    });
    const page = toPage(rows, limit);
    return { ...page, items: page.items.map(toProductAnswer) };
  }

  async get(actor: Principal, id: string): Promise<ProductAnswer> {
    const row = await this.db.product.findUnique({ where: { id }, include: withOwnerAndCertificate });
    if (row === null) throw new AppError('not-found', `there is no product ${id}`);
    const answer = toProductAnswer(row);
    assertWithin(actor, { organisationId: answer.organisationId, country: answer.organisation.country });
    return answer;
  }
}

/** The next GTIN under the organisation's prefix; its row is locked, so two products never get one. */
async function allocate(tx: Tx, organisation: Organisation & { gtinPrefix: string }): Promise<string> {
  const where = { id: organisation.id };
  const { lastItemReference } = await tx.organisation.findUniqueOrThrow({ where, select: { lastItemReference: true } });
  const { gtin, itemReference } = nextGtin(organisation.gtinPrefix, lastItemReference);
  await tx.organisation.update({ where, data: { lastItemReference: itemReference } });
  return gtin;
}

async function insert(tx: Tx, product: Product, country: Country, now: Date): Promise<void> {
  const { count } = await tx.product.createMany({
    data: { ...product, country, searchText: searchTextOf(Object.values(product.names)), createdAt: now },
    skipDuplicates: true,
  });
  if (count === 0) throw new AppError('conflict', `gtin: ${product.gtin} is the GTIN of another product`);
}

async function nextCertificateNumber(tx: Tx, country: Country, now: Date): Promise<string> {
  const year = now.getUTCFullYear();
  return certificateNumber(country, year, await nextNumber(tx, `certificate ${country} ${year}`));
}
