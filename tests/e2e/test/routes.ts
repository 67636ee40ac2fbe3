import { type Answer, type Client } from '@aumos/agf-test-support';
import { world } from './system.js';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}
interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  security?: unknown[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** One operation of an app, as its own OpenAPI document tells it. */
export interface Route {
  base: string;
  method: string;
  /** with its parameters in braces */
  path: string;
  query: { name: string; required: boolean; schema: Schema }[];
  /** the least that its schema takes; a stream's content is text */
  body: { type: string; text: string } | undefined;
  isPublic: boolean;
}

/** Every route of the gateway and of the apps behind it: these at their own address and at the gateway's. */
export async function everyRoute(): Promise<Route[]> {
  const { gateway, apps } = world().local;
  const own = await routesOf(gateway, gateway);
  const behind = [apps['hitl-approval'].url, apps['circuit-breaker-monitor'].url];
  const owners = await Promise.all(behind.map((url) => routesOf(url, url)));
  const proxied = await Promise.all(behind.map((url) => routesOf(url, gateway)));
  const isPublicPage = ({ path }: Route): boolean => !path.startsWith('/api/');
  return [...own, ...owners.flat(), ...proxied.flat().filter((route) => !isPublicPage(route))];
}

async function routesOf(from: string, base: string): Promise<Route[]> {
  const document = (await (await fetch(`${from}/openapi.json`)).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      base,
      method: method.toUpperCase(),
      path,
      query: (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, required = false, schema = {} }) => ({ name, required, schema })),
      body: bodyOf(operation, document),
      isPublic: operation.security?.length === 0,
    })),
  );
}

function bodyOf({ requestBody }: Operation, document: Document): Route['body'] {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined) return undefined;
  if (type !== 'application/json') return { type: 'text/csv', text: 'a\n1\n' };
  return { type, text: JSON.stringify(sampleOf(content?.schema ?? {}, document)) };
}

function sampleOf(schema: Schema, document: Document): unknown {
  if (schema.$ref) return sampleOf(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, document);
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'string') return schema.format === 'uuid' ? NOBODY : 'x';
  const members = (schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] ?? {}, document)]);
  return Object.fromEntries(members) as unknown;
}

/** A well-formed id of nothing. */
export const NOBODY = '7c9e6679-7425-4de8-944b-e07fc1f90ae7';

/** A session that an agent may have. */
export const SESSION = 'isolated';

/** Ids to fill a route's parameters with, by what they are of. */
export interface Ids {
  agents: string;
  elevations: string;
  workflows: string;
  executions: string;
  artifacts: string;
  hitl: string;
  'circuit-breakers': string;
  drills: string;
  tools: string;
  secrets: string;
  connections: string;
  members: string;
  groups: string;
  standing: string;
}

/** Well-formed ids of nothing. */
export const NOTHING: Ids = {
  agents: NOBODY,
  elevations: NOBODY,
  workflows: NOBODY,
  executions: NOBODY,
  artifacts: NOBODY,
  hitl: NOBODY,
  'circuit-breakers': `workflow:${NOBODY}`,
  drills: NOBODY,
  tools: 'nobody_has_it',
  secrets: 'nobody_has_it',
  connections: 'nobody_has_it',
  members: 'nobody|is|it',
  groups: 'nobody_has_it',
  standing: NOBODY,
};

/** Where a list takes ids in its query. */
const QUERY_ID: Record<string, keyof Ids> = {
  execution_id: 'executions',
  workflow_id: 'workflows',
  standing_id: 'standing',
};
/** What every tenant has. */
const NOBODYS = /^\/api\/v1\/tools\/builtin/;

export const isTenants = ({ path, isPublic }: Route): boolean => !isPublic && !NOBODYS.test(path);
/** One gives the name there: where nobody has it, it is made. */
const MADE_BY_NAME = /^PUT \/api\/v1\/hitl\/groups\//;
export const namesAThing = ({ method, path }: Route): boolean =>
  path.includes('{') && !MADE_BY_NAME.test(`${method} ${path}`);

/** @throws Error for a parameter that nobody has said how to fill: a new route's must be said here */
export function filled({ path, query }: Route, ids: Ids): string {
  const collection = path.split('/')[3] as keyof Ids;
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'version' || name === 'step') return '1';
    if (name === 'name' && collection === 'executions') return 'go';
    if (name === 'session_id') return SESSION;
    if (name === 'elevation_id') return ids.elevations;
    if (name === 'drill_id') return ids.drills;
    if (name === 'standing_id') return ids.standing;
    if (path.includes('/hitl/groups/')) return ids.groups;
    const id = ids[collection];
    if (!['id', 'key', 'name', 'sub'].includes(name) || !id) throw new Error(`how is {${name}} of ${path} filled?`);
    return encodeURIComponent(id);
  });
  const params = query.flatMap(({ name, required, schema }): [string, string][] => {
    const of = QUERY_ID[name];
    if (of) return [[name, ids[of]]];
    if (name === 'max_seconds') return [[name, '1']];
    return required ? [[name, schema.format === 'uuid' ? NOBODY : 'x.csv']] : [];
  });
  return params.length ? `${place}?${new URLSearchParams(params).toString()}` : place;
}

export const ask = (client: Client, route: Route, path: string, headers: Record<string, string> = {}) =>
  client.at(route.base).request(route.method, path, {
    headers,
    ...(route.body ? { raw: { type: route.body.type, body: route.body.text } } : {}),
  });

/** What is said, but for what names the request itself. */
export function said({ status, text, headers }: Answer, asked: Ids): object {
  const ids = Object.values(asked)
    .flatMap((id: string) => [encodeURIComponent(id), id])
    .sort((a, b) => b.length - a.length);
  const unnamed = ids.reduce((all, id) => all.replaceAll(id, 'ID'), text);
  const body = unnamed.replace(/"request_id":"[^"]*"/, '').replace(/"timestamp":"[^"]*"/, '');
  return { status, body, type: headers.get('content-type') };
}

export const titleOf = ({ base, method, path }: Route): string => `${method} ${path} at ${base}`;
