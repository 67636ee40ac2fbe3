import { Forger, type Forgery, TestIssuer } from '@aumos/agf-platform/testing';
import { type Answer, Client, unique } from '@aumos/agf-test-support';
import { world } from '../system.js';
import { type Attempt, type Category } from './attempt.js';
import { Estate } from './estate.js';
import { systemIssuer } from './people.js';
import { settled } from './truth.js';

/** What a denial itself writes. */
const OF_DENIALS = ['agf_audit_log', 'agf_audit_heads', 'agf_members'];

/** What a token is tried with: it would have an effect, or show something. */
interface Door {
  says: string;
  roles: boolean;
  /** @param target what may be used up where it works */
  use: (token: string, target: string) => Promise<Answer>;
}

/** Each forgery at the address of each app, where an honest token of the same claims does the same. */
export async function forgedTokens(): Promise<Category> {
  const estate = new Estate();
  const trap = await TestIssuer.start();
  const account = {
    sub: unique('forged'),
    tenant_id: estate.tenant,
    privilege_level: 5,
    preferred_username: 'Ada',
    realm_access: { roles: ['admin', 'developer', 'approver'] },
  };
  const forger = new Forger(systemIssuer(), account, trap.issuer);
  const { gateway, apps } = world().local;
  const doors: Door[] = [
    {
      says: 'the gateway',
      roles: true,
      use: (token) => new Client(gateway, token).post('/agents', { name: unique('forged'), privilege_level: 5 }),
    },
    {
      says: 'hitl-approval',
      roles: true,
      use: (token, id) => new Client(apps['hitl-approval'].url, token).post(`/hitl/${id}/approve`),
    },
    {
      says: 'circuit-breaker-monitor',
      roles: false,
      use: (token) => new Client(apps['circuit-breaker-monitor'].url, token).get('/circuit-breakers'),
    },
  ];
  const [target, spare] = await Promise.all([estate.asking(), estate.asking()]);
  const attempts = doors.flatMap((door): Attempt[] => {
    const harmless = async (): Promise<void> => {
      const { status, text } = await door.use(forger.good(), spare.hitl);
      if (status >= 300) throw new Error(`an honest token gets ${String(status)} ${text}`);
    };
    const forgeries = [...forger.all(), ...(door.roles ? forger.withoutRoles() : [])];
    return forgeries.map((forgery) => ({
      says: `${forgery.says}, at ${door.says}`,
      harmless,
      hostile: () => refused(door.use(forgery.token(), target.hitl), forgery),
    }));
  });
  return {
    name: 'forged tokens',
    attempts,
    truth: async () => {
      const { keyFetches } = trap;
      const rows = Object.entries(await settled(estate.tenant)).filter(([table]) => !OF_DENIALS.includes(table));
      return { ...Object.fromEntries(rows), 'keys asked of the trap': keyFetches };
    },
    close: async () => {
      await Promise.all([trap.close(), estate.close()]);
    },
  };
}

async function refused(answer: Promise<Answer>, { status, code }: Forgery): Promise<string | undefined> {
  const { status: is, body, text } = await answer;
  return is === status && body.code === code ? undefined : `${String(is)} ${text.slice(0, 200)}`;
}
