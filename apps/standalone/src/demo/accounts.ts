import type { Role } from '#contracts';

/** A demonstration account; logins are functions, not people. */
export interface DemoAccount {
  role: Role;
  login: string;
  /** The demo organisation that it acts for, by its id in the demo data. */
  organisation?: string;
  country?: 'KG' | 'KZ' | 'TJ';
}

const domain = 'demo.ovop.example';

export const administrator: DemoAccount = { role: 'administrator', login: `administrator@${domain}` };

/** Beside the administrator: one officer and one inspector a country, one account a committee and a producer. */
export function demoAccounts(committees: { id: string }[], producers: { id: string }[]): DemoAccount[] {
  const countries = ['KG', 'KZ', 'TJ'] as const;
  const named = (role: Role, name: string): string => `${role}.${name.toLowerCase()}@${domain}`;
  return [
    ...producers.map(({ id }): DemoAccount => ({ role: 'producer', login: named('producer', id), organisation: id })),
    ...committees.map(({ id }): DemoAccount => ({
      role: 'committee',
      login: named('committee', id),
      organisation: id,
    })),
    ...countries.map((country): DemoAccount => ({ role: 'officer', login: named('officer', country), country })),
    ...countries.map((country): DemoAccount => ({ role: 'inspector', login: named('inspector', country), country })),
  ];
}
