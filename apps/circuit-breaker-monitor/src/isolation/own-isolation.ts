import { type Actor, ApiError, type BreakerIsolation, samePerson } from '@aumos/agf-domain';

/** Whether the actor may end or change what holds: an admin, or who isolated it. */
export const mayChange = ({ sub, roles }: Pick<Actor, 'sub' | 'roles'>, held: BreakerIsolation | null): boolean =>
  held === null || roles.includes('admin') || samePerson(sub, held.by);

export const notYours = (): ApiError =>
  new ApiError('FORBIDDEN', 'Only an admin, or who isolated it, changes an isolation.', { reason: 'isolator' });
