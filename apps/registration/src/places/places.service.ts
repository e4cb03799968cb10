import { Inject, Injectable } from '@nestjs/common';
import { AppError, place as placeSchema, PlaceRecorded, type Place } from '#contracts';
import { CLOCK, newId, publish, type Clock } from '#platform';
import { Database, type Tx } from '../database.js';
import { containing, newestFirst, searchTextOf, toPage, type Page } from '../page.js';
import { assertFits } from './place.rules.js';
import type { PlaceAnswer, PlaceSearch, RecordPlace } from './place.schemas.js';
import { ancestorsOf, namedPlace, toPlace } from './places.queries.js';

@Injectable()
export class PlacesService {
  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Enters a place below its parent. Its code must be new within its code system. */
  async record(input: RecordPlace): Promise<Place> {
    return this.db.write(async (tx) => {
      const now = this.now();
      const blank = { parentId: null, codeSystem: null, code: null, aliases: [], latitude: null, longitude: null };
      const place = placeSchema.parse({
        ...blank,
        altitudeMetres: null,
        validFrom: null,
        validTo: null,
        ...input,
        id: newId(now),
      });
      assertFits(place, place.parentId === null ? null : await namedPlace(tx, 'parentId', place.parentId));
      await insert(tx, place, now);
      await publish(tx, PlaceRecorded, place.id, { place }, now);
      return place;
    });
  }

  /** Places whose name, alias or code matches, larger ones first, each with its parents. */
  async search(query: PlaceSearch): Promise<Page<PlaceAnswer>> {
    const { q, code, country, level, parentId, limit } = query;
    const rows = await this.db.place.findMany({
      where: {
        ...(q === undefined ? {} : { searchText: containing(q) }),
        code,
        country,
        level,
        parentId,
      },
      ...newestFirst(query),
      orderBy: [{ level: 'asc' }, { id: 'asc' }],
    });
    const page = toPage(rows, limit);
    const paths = await ancestorsOf(
      this.db,
      page.items.map((row) => row.id),
    );
    return { ...page, items: page.items.map((row) => ({ ...toPlace(row), path: paths.get(row.id) ?? [] })) };
  }

  async get(id: string): Promise<PlaceAnswer> {
    const place = await findPlace(this.db, id);
    const paths = await ancestorsOf(this.db, [id]);
    return { ...place, path: paths.get(id) ?? [] };
  }
}

async function findPlace(tx: Tx, id: string): Promise<Place> {
  const row = await tx.place.findUnique({ where: { id } });
  if (row === null) throw new AppError('not-found', `there is no place ${id}`);
  return toPlace(row);
}

async function insert(tx: Tx, place: Place, now: Date): Promise<void> {
  const dateOf = (day: string | null): Date | null => (day === null ? null : new Date(day));
  const { count } = await tx.place.createMany({
    data: {
      ...place,
      validFrom: dateOf(place.validFrom),
      validTo: dateOf(place.validTo),
      searchText: searchTextOf([...Object.values(place.names), ...place.aliases]),
      createdAt: now,
    },
    skipDuplicates: true,
  });
  if (count === 0)
    throw new AppError('conflict', `code: ${place.code} of ${place.codeSystem} is the code of another place`);
}
