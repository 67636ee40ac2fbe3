import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { addOne, type Peer } from './peer.js';
import { restateServer } from './restate-server.js';

interface Size {
  size: number;
}

const step = (ctx: restate.Context, n: number): restate.RestatePromise<number> => ctx.run('add_one', () => addOne(n));

const chain = restate.workflow({
  name: 'chain',
  handlers: {
    run: async (ctx: restate.WorkflowContext, { size }: Size) => {
      let n = 0;
      for (let index = 0; index < size; index++) n = await step(ctx, n);
      return n;
    },
  },
});

const fanout = restate.workflow({
  name: 'fanout',
  handlers: {
    run: async (ctx: restate.WorkflowContext, { size }: Size) => {
      const counted = await restate.RestatePromise.all(Array.from({ length: size }, () => step(ctx, 0)));
      return counted.reduce((a, b) => a + b, 0);
    },
  },
});

/** Its SDK asks for Node 22. */
function withResolvers(): void {
  const made = Promise as unknown as { withResolvers?: () => unknown };
  made.withResolvers ??= () => {
    let settle: { resolve: (value: unknown) => void; reject: (reason: unknown) => void } | undefined;
    const promise = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    return { promise, ...settle };
  };
}

/** Its server keeps the journal on its own disk, in a process of its own; the steps run in this one. */
export async function restatePeer(): Promise<Peer> {
  withResolvers();
  const server = await restateServer();
  const handler = restate.createEndpointHandler({ services: [chain, fanout], logger: () => undefined });
  const endpoint = createServer(handler as Parameters<typeof createServer>[1]).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const { port } = endpoint.address() as { port: number };
  const registered = await fetch(`${server.admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${String(port)}` }),
  });
  if (!registered.ok) throw new Error(`Restate: ${await registered.text()}`);
  const ingress = clients.connect({ url: server.ingress });
  const run = async (workflow: typeof chain, size: number): Promise<number> => {
    const client = ingress.workflowClient(workflow, randomUUID());
    await client.workflowSubmit({ size });
    return client.workflowAttach();
  };
  return {
    name: 'Restate',
    chain: (length) => run(chain, length),
    fanout: (width) => run(fanout as unknown as typeof chain, width),
    close: async () => {
      await server.close();
      endpoint.close();
    },
  };
}
