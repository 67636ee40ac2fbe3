import { type Answer, Client } from '@aumos/agf-test-support';
import { everyRoute, filled, type Ids, isTenants, namesAThing, NOTHING, type Route, said, titleOf } from '../routes.js';
import { type Attempt, type Category, forEach, unhurried } from './attempt.js';
import { bodyFor, Estate } from './estate.js';
import { foreignNames } from './foreign-names.js';
import { settled } from './truth.js';

const sent = (
  client: Client,
  route: Route,
  ids: Ids,
  estate: Estate,
  more: { path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const { path = filled(route, ids), headers = {} } = more;
  const reads = route.method === 'GET' || route.method === 'DELETE';
  const json = reads ? {} : { json: bodyFor(route, ids, estate) };
  return unhurried(() => client.at(route.base).request(route.method, path, { ...json, headers }));
};

/** Ids in upper case, as PostgreSQL would take them too. */
const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
const hasOne = (path: string): boolean => path.search(UUID) >= 0;
const upper = (path: string): string => path.replaceAll(UUID, (id) => id.toUpperCase());
/** The first character of each id as a percent-encoded one. */
const encoded = (path: string): string =>
  path.replaceAll(UUID, (id) => `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`);

interface Trial {
  route: Route;
  target: Ids;
  estate: Estate;
  attacker: Client;
}
type Way = [says: string, applies: (path: string) => boolean, make: (trial: Trial) => Promise<string | undefined>];

/** A foreign id is answered as one of nothing is, to the letter. */
async function asNothing({ route, target, estate, attacker }: Trial, change: (path: string) => string, headers = {}) {
  const [foreign, none] = await Promise.all([
    sent(attacker, route, target, estate, { path: change(filled(route, target)), headers }),
    sent(attacker, route, NOTHING, estate, { path: change(filled(route, NOTHING)), headers }),
  ]);
  if (foreign.status !== 404) return `${String(foreign.status)} ${foreign.text.slice(0, 200)}`;
  const [is, should] = [said(plain(foreign), target), said(plain(none), NOTHING)].map((each) => JSON.stringify(each));
  return upperless(is) === upperless(should) ? undefined : `${is ?? ''} is not ${should ?? ''}`;
}
/** Without what {@link encoded} did: the answer repeats the path. */
const plain = (answer: Answer): Answer => ({
  ...answer,
  text: answer.text.replaceAll(/%(6[1-6]|3\d)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
});
const upperless = (text = ''): string => text.replaceAll(/ID|[0-9a-f]{8}-[0-9a-f-]{27}/gi, 'ID');

const refusedWith = async (answer: Promise<Answer>, status: number, code: string): Promise<string | undefined> => {
  const { status: is, body, text } = await answer;
  return is === status && body.code === code ? undefined : `${String(is)} ${text.slice(0, 200)}`;
};

const forwarded = (tenant: string): Record<string, string> => ({
  'x-forwarded-host': 'acme.example',
  'x-forwarded-tenant': tenant,
  'x-tenant': tenant,
  'x-original-url': '/api/v1/members',
  'x-user-id': 'acme-admin',
  'x-privilege-level': '5',
  'x-http-method-override': 'DELETE',
});

const WAYS: Way[] = [
  ['by its id', () => true, (trial) => asNothing(trial, (path) => path)],
  ['by its id in upper case', hasOne, (trial) => asNothing(trial, upper)],
  ['by its id, percent-encoded', hasOne, (trial) => asNothing(trial, encoded)],
  [
    'under headers that name its tenant',
    () => true,
    (trial) => asNothing(trial, (path) => path, forwarded(trial.estate.tenant)),
  ],
  [
    'as a tenant that the token is not of',
    () => true,
    ({ attacker, route, target, estate }) => {
      const headers = { 'x-tenant-id': estate.tenant };
      return refusedWith(sent(attacker, route, target, estate, { headers }), 403, 'CROSS_TENANT_ACCESS');
    },
  ],
  [
    'without a token',
    () => true,
    ({ attacker, route, target, estate }) => {
      const nobody = new Client(attacker.base, undefined);
      const headers = { 'x-tenant-id': estate.tenant };
      return refusedWith(sent(nobody, route, target, estate, { headers }), 401, 'UNAUTHORIZED');
    },
  ],
];

/** Every route that names a thing, tried with things of another tenant, read and written. */
export async function foreignIds(): Promise<Category> {
  const [theirs, own] = [new Estate(), new Estate()];
  const [basis, routes] = await Promise.all([theirs.basis(), everyRoute()]);
  const attacker = own.owner;
  // A policy of a name that is not there is made: of theirs, one's own is.
  const makes = ({ method, path }: Route): boolean => method === 'PUT' && path.endsWith('/hitl/policies/{name}');
  const named = routes.filter(isTenants).filter((route) => namesAThing(route) && !makes(route));
  const attempts = await forEach(named, async (route): Promise<Attempt[]> => {
    const writes = route.method !== 'GET';
    const target = { ...basis, ...(writes ? await theirs.fresh(route) : {}) };
    const harmless = async (): Promise<void> => {
      const ids = { ...basis, ...(writes ? await theirs.fresh(route) : {}) };
      const { status, text } = await sent(theirs.deputy, route, ids, theirs);
      // Nothing of theirs has changed: they are told so.
      const nothingToReview = route.path.endsWith('/review') && status === 422;
      if (status >= 300 && !nothingToReview) throw new Error(`its tenant gets ${String(status)} ${text.slice(0, 300)}`);
    };
    const trial = { route, target, estate: theirs, attacker };
    return WAYS.filter(([, applies]) => applies(filled(route, target))).map(([says, , make]) => ({
      says: `${titleOf(route)}, ${says}`,
      harmless,
      hostile: () => make(trial),
    }));
  });
  const more = await foreignNames(theirs, own, basis);
  return {
    name: 'foreign ids',
    attempts: [...attempts.flat(), ...more],
    truth: () => settled(theirs.tenant),
    close: async () => {
      await Promise.all([theirs.close(), own.close()]);
    },
  };
}
