import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  OrganisationApproved,
  OrganisationRegistered,
  organisation as organisationSchema,
  type Organisation,
} from '#contracts';
import { CLOCK, CONFIG, newId, publish, type Clock, type Principal } from '#platform';
import { assertWithin, decidingCommittee, limitsOf } from '../access.rules.js';
import type { Config } from '../config.js';
import { nextNumber } from '../counter.queries.js';
import { Database, type Tx } from '../database.js';
import { containing, newestFirst, searchTextOf, toPage, type Page } from '../page.js';
import { namedPlace } from '../places/places.queries.js';
import { approve, assertFreeForm, assertMayRegister, codeOf, gtinPrefixOf } from './organisation.rules.js';
import type {
  ApprovedOrganisation,
  Decide,
  OrganisationAnswer,
  OrganisationSearch,
  RegisterOrganisation,
} from './organisation.schemas.js';
import {
  decisionOf,
  findOrganisation,
  lockOrganisation,
  namedOrganisation,
  toOrganisationAnswers,
} from './organisations.queries.js';

const withPlaceAndApproval = { place: true, approval: true } as const;

@Injectable()
export class OrganisationsService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Enters an organisation in its place. A producer also gets the prefix of its GTINs, once and for ever. */
  async register(actor: Principal, input: RegisterOrganisation): Promise<Organisation> {
    if (input.code !== undefined) assertFreeForm(input.code);
    return this.db.write(async (tx) => {
      const now = this.now();
      const place = await namedPlace(tx, 'placeId', input.placeId);
      assertMayRegister(actor, input.kind, place);
      const organisation = organisationSchema.parse({
        ...input,
        id: newId(now),
        code: input.code ?? codeOf(input.kind, await nextNumber(tx, `organisation code ${input.kind}`)),
        country: place.country,
        status: 'registered',
        gtinPrefix: input.kind === 'producer' ? await this.nextGtinPrefix(tx) : null,
      });
      await insert(tx, organisation, now);
      await publish(tx, OrganisationRegistered, organisation.id, { organisation }, now);
      return organisation;
    });
  }

  /** Enters a committee's approval. The first one stands: a second is a conflict. */
  async approve(actor: Principal, id: string, body: Decide): Promise<ApprovedOrganisation> {
    return this.db.write(async (tx) => {
      const now = this.now();
      await lockOrganisation(tx, id);
      const registered = await findOrganisation(tx, id);
      const committee = await namedOrganisation(tx, 'committeeId', decidingCommittee(actor, body.committeeId));
      const organisation = approve(registered, committee);
      const decision = decisionOf(committee, now);
      await tx.organisation.update({ where: { id }, data: { status: organisation.status } });
      await tx.organisationApproval.create({
        data: { ...decision, organisationId: id, decidedAt: now, decidedBy: actor.id },
      });
      await publish(tx, OrganisationApproved, id, { organisation, decision }, now);
      return { ...organisation, approval: decision };
    });
  }

  /** The organisations that the actor may see, newest first, each with its place's parents. */
  async search(actor: Principal, query: OrganisationSearch): Promise<Page<OrganisationAnswer>> {
    const { q, kind, status, placeId, country, limit } = query;
    const limits = limitsOf(actor, { country });
    const rows = await this.db.organisation.findMany({
      where: {
        ...(limits.organisationId === undefined ? {} : { id: limits.organisationId }),
        ...(limits.country === undefined ? {} : { country: limits.country }),
        ...(q === undefined ? {} : { searchText: containing(q) }),
        kind,
        status,
        placeId,
      },
      include: withPlaceAndApproval,
      ...newestFirst(query),
    });
    const page = toPage(rows, limit);
    return { ...page, items: await toOrganisationAnswers(this.db, page.items) };
  }

  async get(actor: Principal, id: string): Promise<OrganisationAnswer> {
    const row = await this.db.organisation.findUnique({ where: { id }, include: withPlaceAndApproval });
    const [answer] = row === null ? [] : await toOrganisationAnswers(this.db, [row]);
    if (answer === undefined) throw new AppError('not-found', `there is no organisation ${id}`);
    assertWithin(actor, { organisationId: id, country: answer.country });
    return answer;
  }

  private async nextGtinPrefix(tx: Tx): Promise<string> {
    const programme = this.config.GTIN_PROGRAMME_PREFIX;
    return gtinPrefixOf(programme, await nextNumber(tx, `gtin organisation ${programme}`));
  }
}

async function insert(tx: Tx, organisation: Organisation, now: Date): Promise<void> {
  const { count } = await tx.organisation.createMany({
    data: {
      ...organisation,
      searchText: searchTextOf([organisation.code, ...Object.values(organisation.names)]),
      createdAt: now,
    },
    skipDuplicates: true,
  });
  if (count === 0) throw new AppError('conflict', `code: ${organisation.code} is the code of another organisation`);
}
