import { TENANTS } from '@aumos/agf-devstack';
import {
  type Answer,
  type Client,
  ended,
  follow,
  loadWorkflow,
  OPEN_GATE,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { type Ids, NOBODY, SESSION } from '../routes.js';
import { as, world } from '../system.js';
import { unhurried, type Attempt } from './attempt.js';
import { alone, type Estate, TOOL } from './estate.js';

const shows = (what: string): string => what.slice(0, 200);
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const mustSay = async (answer: Promise<Answer>, status: number): Promise<void> => {
  const { status: is, text } = await answer;
  if (is !== status) throw new Error(`expected ${String(status)}, got ${String(is)} ${shows(text)}`);
};

/** Things of another tenant named in queries, bodies, arguments and definitions. */
export async function foreignNames(theirs: Estate, own: Estate, target: Ids): Promise<Attempt[]> {
  const { owner } = theirs;
  const attacker = own.owner;
  const mine = await own.basis();
  return [
    ...inQueries(theirs, attacker, target, mine),
    ...inBodies(theirs, own, target, mine),
    ...inArguments(owner, attacker, target, mine),
    ...(await inOtherSchemas()),
  ];
}

function inQueries(theirs: Estate, attacker: Client, target: Ids, mine: Ids): Attempt[] {
  const { owner } = theirs;
  const approval = once(async () =>
    owner.must<{ execution_id: string; workflow_id: string }>(200, owner.get(`/hitl/${target.hitl}`)),
  );
  const lists: [path: string, id: () => Promise<string>][] = [
    ['/executions?workflow_id=', () => Promise.resolve(target.workflows)],
    ['/hitl?execution_id=', async () => (await approval()).execution_id],
    ['/hitl/pending?execution_id=', async () => (await approval()).execution_id],
    ['/hitl?workflow_id=', async () => (await approval()).workflow_id],
    ['/audit?resource_id=', () => Promise.resolve(target.elevations)],
    ['/workflows?name=', () => Promise.resolve(theirs.definitions.get(target.workflows)?.name ?? '')],
  ];
  const listed = lists.map(([path, idOf]): Attempt => ({
    says: `a list by what is foreign: ${path}`,
    harmless: async () => {
      const { items } = await owner.must<{ items?: unknown[] }>(200, owner.get(path + (await idOf())));
      if (!items?.length) throw new Error('its tenant finds nothing');
    },
    hostile: async () => {
      const { status: is, body, text } = await attacker.get<{ items?: unknown[] }>(path + (await idOf()));
      return is === 200 && body.items?.length === 0 ? undefined : shows(text);
    },
  }));
  const status = (client: Client, workflow: string, execution: string): Promise<Answer> =>
    client.get(`/workflows/${workflow}/status?execution_id=${execution}`);
  const pairs: [string, Ids, Ids][] = [
    ['own workflow, foreign execution', mine, target],
    ['foreign workflow, own execution', target, mine],
    ['foreign workflow, foreign execution', target, target],
  ];
  const harmless = (): Promise<void> => mustSay(status(owner, target.workflows, target.executions), 200);
  const paired = pairs.flatMap(([says, { workflows }, { executions }]): Attempt[] => [
    { says: `status of ${says}`, harmless, hostile: () => is404(status(attacker, workflows, executions)) },
    {
      says: `cancel of ${says}`,
      harmless,
      hostile: () => is404(attacker.post(`/workflows/${workflows}/cancel?execution_id=${executions}`)),
    },
  ]);
  const cursors: Attempt = {
    says: "another tenant's cursor",
    harmless: once(async () => {
      await owner.must(200, owner.get('/executions?page_size=1'));
    }),
    hostile: async () => {
      const { body } = await owner.get<{ next_cursor?: string }>('/executions?page_size=1');
      const { text } = await attacker.get(
        `/executions?page_size=100&cursor=${encodeURIComponent(body.next_cursor ?? '')}`,
      );
      return text.includes(target.executions) ? shows(text) : undefined;
    },
  };
  const followed = ['0', '1', '99'].map((id): Attempt => ({
    says: `the events of a foreign execution after ${id}`,
    harmless: async () => {
      const { status: is } = await follow(owner, `/executions/${target.executions}/events`);
      if (is !== 200) throw new Error(`its owner gets ${String(is)}`);
    },
    hostile: () => is404(attacker.get(`/executions/${target.executions}/events`, { headers: { 'last-event-id': id } })),
  }));
  return [...listed, ...paired, cursors, ...followed];
}

const is404 = async (answer: Promise<Answer>): Promise<string | undefined> => {
  const { status, text } = await answer;
  return status === 404 ? undefined : `${String(status)} ${shows(text)}`;
};
const is4xx = async (answer: Promise<Answer>): Promise<string | undefined> => {
  const { status, text } = await answer;
  return status >= 400 && status < 500 ? undefined : `${String(status)} ${shows(text)}`;
};

function inBodies(theirs: Estate, own: Estate, target: Ids, mine: Ids): Attempt[] {
  const { owner } = theirs;
  const attacker = own.owner;
  const publishing = (client: Client, node: object) => {
    const definition = alone(node);
    return client.post('/workflows', { name: definition.name, graph_definition: definition });
  };
  const agentName = once(async () => (await owner.get<{ name: string }>(`/agents/${target.agents}`)).body.name);
  const calledName = (): string => theirs.definitions.get(target.workflows)?.name ?? '';
  const nodes: [string, () => Promise<object>, harmless: boolean][] = [
    ['agent, by name', async () => ({ type: 'agent', agent: await agentName(), prompt: 'hello' }), true],
    ['agent, by id', () => Promise.resolve({ type: 'agent', agent: target.agents, prompt: 'hello' }), false],
    ['workflow, by name', () => Promise.resolve({ type: 'workflow', workflow: calledName(), input: {} }), true],
    ['workflow, by id', () => Promise.resolve({ type: 'workflow', workflow: target.workflows, input: {} }), false],
    ['tool', () => Promise.resolve({ type: 'tool', tool: target.tools, arguments: {} }), true],
  ];
  const published = nodes.flatMap(([says, node, works]): Attempt[] => {
    const shown = works ? node : nodes[2]![1];
    const harmless = once(async () => mustSay(publishing(owner, await shown()), 201));
    const versions = async () => {
      const definition = { ...alone(await node()), name: own.definitions.get(mine.workflows)?.name };
      return attacker.post(`/workflows/${mine.workflows}/versions`, { graph_definition: definition });
    };
    return [
      {
        says: `a definition that calls a foreign ${says}`,
        harmless,
        hostile: async () => is4xx(publishing(attacker, await node())),
      },
      { says: `a new version that calls a foreign ${says}`, harmless, hostile: () => is4xx(versions()) },
    ];
  });
  const withSecret = (client: Client, method: string, name: string) =>
    client.request(method, method === 'PUT' ? `/tools/${name}` : '/tools', {
      json: {
        ...TOOL,
        ...(method === 'PUT' ? {} : { name }),
        http: { ...TOOL.http, headers: { authorization: { secret: target.secrets } } },
      },
    });
  const access = { tool_access: { [target.tools]: { enabled: true } } };
  const invoked = { input_data: 'hello', wait_seconds: 0 };
  const elevation = (client: Client, agents: string, verb: string): Promise<Answer> =>
    verb === 'GET' || verb === 'DELETE'
      ? client.request(verb, `/agents/${agents}/elevations/${target.elevations}`)
      : client.post(`/agents/${agents}/elevations/${target.elevations}/${verb}`);
  const ownElevation = (): Promise<void> => mustSay(elevation(owner, target.agents, 'GET'), 200);
  const bulk = (client: Client, verb: string) =>
    client.post<{ matched?: number }>(`/executions/bulk/${verb}`, { filter: { workflow_id: target.workflows } });
  const compared = (client: Client, workflow: string) =>
    unhurried(() => client.post(`/workflows/${workflow}/compare`, { version: 1, execution_ids: [target.executions] }));
  return [
    ...published,
    ...['POST', 'PUT'].map((method): Attempt => ({
      says: `a tool that sends a foreign secret (${method})`,
      harmless: once(() => mustSay(withSecret(owner, 'POST', unique('sends')), 201)),
      hostile: () => is4xx(withSecret(attacker, method, method === 'PUT' ? mine.tools : unique('sends'))),
    })),
    {
      says: 'an agent with a foreign tool',
      harmless: once(() => mustSay(owner.post('/agents', { name: unique('has'), privilege_level: 1, ...access }), 201)),
      hostile: () => is4xx(attacker.post('/agents', { name: unique('has'), privilege_level: 1, ...access })),
    },
    {
      says: 'an agent that is given a foreign tool',
      harmless: once(async () => {
        const id = await theirs.agent();
        await mustSay(owner.request('PUT', `/agents/${id}/tools`, { json: access }), 200);
      }),
      hostile: () => is4xx(attacker.request('PUT', `/agents/${mine.agents}/tools`, { json: access })),
    },
    {
      says: 'an agent invoked with the memory of a foreign execution',
      harmless: once(async () => {
        const path = `/agents/${await theirs.agent()}/invoke`;
        const { id } = await owner.must(202, owner.post<{ id: string }>(path, invoked));
        await mustSay(owner.post(path, { ...invoked, execution_id: id }), 202);
      }),
      hostile: () =>
        is404(attacker.post(`/agents/${mine.agents}/invoke`, { ...invoked, execution_id: target.executions })),
    },
    ...['GET', 'approve', 'reject', 'DELETE'].map((verb): Attempt => ({
      says: `a foreign elevation below an own agent (${verb})`,
      harmless: ownElevation,
      hostile: () => is404(elevation(attacker, mine.agents, verb)),
    })),
    {
      says: 'a foreign session below an own agent',
      harmless: () => mustSay(owner.get(`/agents/${target.agents}/sessions/${SESSION}`), 200),
      hostile: async () => {
        const { text } = await attacker.get(`/agents/${mine.agents}/sessions/${SESSION}?values=true`);
        return text.includes('theirs') && text.includes(target.agents) ? shows(text) : undefined;
      },
    },
    ...['cancel', 'retry'].map((verb): Attempt => ({
      says: `executions of a foreign workflow in bulk (${verb})`,
      harmless: once(async () => {
        const { workflows } = await theirs.ended();
        await owner
          .must(202, owner.post(`/executions/bulk/${verb}`, { filter: { workflow_id: workflows } }))
          .catch(async () =>
            mustSay(owner.post(`/executions/bulk/${verb}`, { filter: { workflow_id: workflows } }), 200),
          );
      }),
      hostile: async () => {
        const { status, text } = await bulk(attacker, verb);
        return status >= 400 || !/"(?:matched|count|done)":[1-9]/.test(text) ? undefined : shows(text);
      },
    })),
    {
      says: 'a comparison with a foreign execution',
      harmless: once(() => mustSay(compared(owner, target.workflows), 200)),
      hostile: async () => {
        const { status, text } = await compared(attacker, mine.workflows);
        return status < 300 && text.includes('theirs') ? shows(text) : undefined;
      },
    },
    ...['a', 'A/b', NOBODY].map((key): Attempt => ({
      says: `another tenant's Idempotency-Key ${key}`,
      harmless: once(async () => {
        const answers = [1, 2].map(() =>
          owner.post<{ id: string }>(`/workflows/${target.workflows}/execute`, {}, { 'idempotency-key': key }),
        );
        const ids = (await Promise.all(answers)).map(({ body }) => body.id);
        if (new Set(ids).size !== 1) throw new Error(`two executions: ${ids.join()}`);
      }),
      hostile: async () => {
        const headers = { 'idempotency-key': key };
        const { body } = await attacker.post<{ id: string }>(`/workflows/${mine.workflows}/execute`, {}, headers);
        const [row] = await world().rows<{ tenant_id: string }>(
          'select tenant_id from agf_workflow_executions where id = $1',
          [body.id],
        );
        return row?.tenant_id === own.tenant ? undefined : `execution ${body.id} of ${row?.tenant_id ?? 'nobody'}`;
      },
    })),
  ];
}

/** Artifacts of another tenant, as tools are asked to read them. */
function inArguments(owner: Client, attacker: Client, target: Ids, mine: Ids): Attempt[] {
  const reading = (tool: string) =>
    alone({ type: 'tool', tool, arguments: { source: { cel: 'input.source' } }, output: 'said' });
  const forms = [
    `artifact:${target.artifacts}`,
    `artifact:${target.artifacts.toUpperCase()}`,
    `artifact:../${target.artifacts}`,
    `artifact:${mine.artifacts}/../${target.artifacts}`,
    `artifact:${target.artifacts}#${mine.artifacts}`,
  ];
  return ['csv_profile', 'csv_read', 'text_extract'].flatMap((tool) => {
    const theirWorkflow = once(() => publish(owner, reading(tool)));
    const harmless = once(async () => {
      const id = await start(owner, await theirWorkflow(), { source: forms[0] });
      const { status, error_details } = await ended(owner, id);
      if (status !== 'completed') throw new Error(JSON.stringify(error_details));
    });
    const workflow = once(() => publish(attacker, reading(tool)));
    return forms.map((source): Attempt => ({
      says: `${tool} of ${source.replace(target.artifacts, 'a foreign id').replace(mine.artifacts, 'an own id')}`,
      harmless,
      hostile: async () => {
        const { status, output_data } = await ended(attacker, await start(attacker, await workflow(), { source }));
        return status === 'failed' ? undefined : `${status}: ${JSON.stringify(output_data)}`;
      },
    }));
  });
}

/** Tables of another tenant's schema, named where a load takes a table or a connection. */
async function inOtherSchemas(): Promise<Attempt[]> {
  const [acme, source] = await Promise.all([
    as('acme-developer'),
    as('acme-developer').then((who) => upload(who, 'a\n1\n')),
  ]);
  const globex = unique('open_theirs');
  await world().warehouse.query(`create table globex.${globex} (a int)`);
  const load = (table: unknown, more: object = {}) => {
    const node = { arguments: { source: { cel: 'input.source' }, table: { cel: 'input.table' }, ...more } };
    const definition = loadWorkflow({ table: 'x', gate: OPEN_GATE, node });
    return publish(acme, { ...definition, input: {} }).then((id) => start(acme, id, { source, table }));
  };
  const harmless = once(async () => {
    const { status, error_details } = await ended(acme, await load(unique('open_own')));
    if (status !== 'completed') throw new Error(JSON.stringify(error_details));
  });
  const rows = async (): Promise<string> => {
    const { rows: found } = await world().warehouse.query<{ n: number }>(
      `select count(*)::int as n from globex.${globex}`,
    );
    return String(found[0]?.n);
  };
  const tables: [string, unknown, object?][] = [
    ['with its schema', `globex.${globex}`],
    ['with its schema, quoted', `globex"."${globex}`],
    ['after a statement', `x"; insert into globex.${globex} values (1); --`],
    ['by a path', `../globex/${globex}`],
    ['as a list', ['globex', globex]],
    ['by a connection of the name', globex, { connection: 'globex' }],
    ['by a connection of the tenant', globex, { connection: TENANTS.globex }],
  ];
  return tables.map(([says, table, more]): Attempt => ({
    says: `a load into another tenant's table, named ${says}`,
    harmless,
    hostile: async () => {
      const { status } = await ended(acme, await load(table, more));
      const found = await rows();
      return status === 'failed' && found === '0' ? undefined : `${status}, the table has ${found} rows`;
    },
  }));
}
