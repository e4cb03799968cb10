import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { CLOCK, CONFIG, currentContext, newId, type Clock, type Principal } from '#platform';
import type { Config } from '../config.js';
import { Database } from '../database.js';
import { namedOrganisation } from '../organisations/organisations.queries.js';
import { newestFirst, toPage, type Page } from '../page.js';
import { normaliseLogin } from './login.rules.js';
import { Passwords } from './passwords.js';
import { toPerson } from './people.queries.js';
import { assertMayEnter, membership } from './person.rules.js';
import type { EnterPerson, Person, PersonSearch } from './person.schemas.js';

@Injectable()
export class PeopleService {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Enters an account. Its login must be new. */
  async enter(actor: Principal, { password, ...input }: EnterPerson): Promise<Person> {
    this.keyRequestHash();
    const login = normaliseLogin(input.login);
    const passwordHash = await this.passwords.hash(password);
    return this.db.write(async (tx) => {
      const now = this.now();
      const organisation =
        input.organisationId === null ? null : await namedOrganisation(tx, 'organisationId', input.organisationId);
      assertMayEnter(actor, input, organisation);
      const { role, displayName } = input;
      const person = { id: newId(now), login, role, displayName, ...membership(input, organisation), createdAt: now };
      const { count } = await tx.person.createMany({ data: { ...person, passwordHash }, skipDuplicates: true });
      if (count === 0) throw new AppError('conflict', 'login: somebody has this login already');
      return toPerson(person);
    });
  }

  /** @throws {AppError} `not-found` for an API key, which is not a person */
  async get(id: string): Promise<Person> {
    const row = await this.db.person.findUnique({ where: { id } });
    if (row === null) throw new AppError('not-found', 'you are not signed in as a person');
    return toPerson(row);
  }

  async search(query: PersonSearch): Promise<Page<Person>> {
    const { role, organisationId, limit } = query;
    const rows = await this.db.person.findMany({ where: { role, organisationId }, ...newestFirst(query) });
    return toPage(rows.map(toPerson), limit);
  }

  /**
   * The record of an Idempotency-Key holds a hash of the request, which here has a password in it:
   * under SESSION_SECRET the hash is of no use to whoever reads the table and guesses.
   */
  private keyRequestHash(): void {
    const claim = currentContext()?.idempotency;
    if (claim !== undefined)
      claim.requestHash = createHmac('sha256', this.config.SESSION_SECRET).update(claim.requestHash).digest('hex');
  }
}
