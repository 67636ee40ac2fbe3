import { ROLES, type Role } from '@aumos/agf-domain';
import { type TokenClaims } from './test-issuer.js';

/** By route, as `GET /agents/{id}`; `anybody`: whoever has a token of the tenant, whatever its roles. */
export type RouteAccess = Readonly<Record<string, readonly Role[] | 'anybody'>>;

/** Who asks. */
interface Caller {
  role: Role | null;
  level: number;
}
interface WalkedAnswer extends Caller {
  status: number;
  /** of a problem; null: it is none */
  code: string | null;
}

const PREFIX = '/api/v1';
const LEVELS = [1, 2, 3, 4, 5];
/** Each role and none, at each level. */
export const CALLERS: readonly Caller[] = [...ROLES, null].flatMap((role) => LEVELS.map((level) => ({ role, level })));

export const mayCall = (roles: RouteAccess[string], { role }: Caller): boolean =>
  roles === 'anybody' || roles.some((each) => each === role);

/** The routes of a service, as each role at each level finds them. */
export class RouteWalk {
  /**
   * @param authorization of who has these claims
   * @param pathOf fills a path's parameters, with what is not there
   */
  constructor(
    private readonly url: string,
    private readonly authorization: (claims: TokenClaims) => Promise<string>,
    private readonly pathOf: (path: string) => string,
  ) {}

  /** All that the service tells of, sorted. */
  async routes(): Promise<string[]> {
    const document = (await (await fetch(`${this.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(PREFIX.length)}`),
    );
    return routes.sort();
  }

  /** In the order of {@link CALLERS}. */
  async walk(route: string, tenant_id: string): Promise<WalkedAnswer[]> {
    return Promise.all(
      CALLERS.map(async ({ role, level }) => {
        const roles = role === null ? [] : [role];
        const claims = { tenant_id, privilege_level: level, realm_access: { roles } };
        const answer = await this.ask(route, { authorization: await this.authorization(claims) });
        return { role, level, ...answer };
      }),
    );
  }

  /** With a body of `{}`, where its method has one. */
  async ask(
    route: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; code: WalkedAnswer['code'] }> {
    const [method = '', path = ''] = route.split(' ');
    const json = { body: '{}', headers: { ...headers, 'content-type': 'application/json' } };
    const init = method === 'GET' || method === 'DELETE' ? { headers } : json;
    const answer = await fetch(`${this.url}${PREFIX}${this.pathOf(path)}`, { method, ...init });
    return { status: answer.status, code: await codeOf(answer) };
  }
}

async function codeOf(answer: Response): Promise<string | null> {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json'))
    return ((await answer.json()) as { code: string }).code;
  // A stream has no end to wait for.
  await answer.body?.cancel();
  return null;
}
