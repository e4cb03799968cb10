import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError, type Country, type Role } from '#contracts';

/** Who makes a request: a person with a session or a partner system with an API key. */
export interface Principal {
  id: string;
  role: Role;
  organisationId: string | null;
  /** The country that an officer or a committee works in; null is every country. */
  country: Country | null;
}

export interface WithPrincipal {
  principal?: Principal;
}

/** The signed-in principal of the request, as a controller's parameter. */
export const Actor = createParamDecorator((_: unknown, execution: ExecutionContext): Principal => {
  const { principal } = execution.switchToHttp().getRequest<WithPrincipal>();
  if (principal === undefined) throw new AppError('unauthenticated', 'sign in first');
  return principal;
});

/**
 * Refuses what belongs to another organisation. Administrators and those without an organisation of their own
 * (officers, committees, inspectors) are limited by role and country instead.
 */
export function assertOwn(actor: Principal, organisationId: string): void {
  if (actor.role === 'producer' && actor.organisationId !== organisationId)
    throw new AppError('forbidden', 'this belongs to another organisation');
}
