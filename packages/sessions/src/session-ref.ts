import { ApiError, type FieldError } from '@aumos/agf-domain';

interface Owner {
  tenant: string;
  /** the agent's id */
  agent: string;
}
/** Of one agent alone. */
export interface PrivateSession extends Owner {
  /** chosen by the caller */
  session: string;
}
/** Of all agents of one execution. */
export interface SharedSession extends Owner {
  /** its id, and the ids of the agents that it was started with */
  execution: { id: string; agents: readonly string[] };
}
export type SessionOf = PrivateSession | SharedSession;

/** A session as its keys in Redis know it. */
export interface SessionRef extends Owner {
  /** below the tenant: `private:<agent>:<session>` or `shared:<execution>` */
  name: string;
  /** who may open it, where it is shared: `,<agent>,<agent>,` */
  members: string;
}

/** Nothing that means something in a key, a pattern or a list of ids. */
const ID = /^[A-Za-z0-9_.@~-]{1,128}$/;
const MOST_MEMBERS = 256;
const SHARED = 'shared:';

const checkIds = (ids: Record<string, string>): void => {
  const error = 'must be 1 to 128 letters, digits, or any of _.@~-';
  const fields: FieldError[] = Object.entries(ids)
    .filter(([, id]) => typeof id !== 'string' || !ID.test(id))
    .map(([field]) => ({ field, error }));
  if (fields.length > 0) throw new ApiError('VALIDATION_ERROR', 'A session is named by ids.', { fields });
};

export const noSession = (): ApiError => new ApiError('NOT_FOUND', 'There is no such session.');

/** @throws ApiError VALIDATION_ERROR for what is no id; NOT_FOUND for an agent that is not of the execution */
export function sessionRef(of: SessionOf): SessionRef {
  const { tenant, agent } = of;
  if ('session' in of) {
    checkIds({ tenant, agent, session: of.session });
    return { tenant, agent, name: `private:${agent}:${of.session}`, members: '' };
  }
  const { id, agents } = of.execution;
  checkIds({ tenant, agent, 'execution.id': id });
  agents.forEach((each, i) => checkIds({ [`execution.agents.${String(i)}`]: each }));
  if (agents.length > MOST_MEMBERS || !agents.includes(agent)) throw noSession();
  return { tenant, agent, name: SHARED + id, members: `,${[...new Set(agents)].sort().join()},` };
}

/** Whether it can be the id of a session, as lists show them. */
export const isSessionId = (id: string): boolean => ID.test(id.startsWith(SHARED) ? id.slice(SHARED.length) : id);

/** By the id that lists show: a private session's own, or `shared:<execution>`. @throws as {@link sessionRef} */
export function sessionById(owner: Owner, id: string): SessionRef {
  const { tenant, agent } = owner;
  if (!id.startsWith(SHARED)) return sessionRef({ ...owner, session: id });
  return sessionRef({ tenant, agent, execution: { id: id.slice(SHARED.length), agents: [agent] } });
}

/** @param name as in {@link SessionRef} */
export function sessionId(name: string): { id: string; kind: 'private' | 'shared' } {
  if (name.startsWith(SHARED)) return { id: name, kind: 'shared' };
  return { id: name.slice(name.lastIndexOf(':') + 1), kind: 'private' };
}
