import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOutgoing } from '@aumos/agf-outgoing';
import {
  type ArtifactReader,
  CallerError,
  type Connection,
  type ConnectionKind,
  type ConnectionAdmin,
  type ConnectionResolver,
  effectKey,
  type Json,
  type SecretResolver,
  type ToolContext,
} from '@aumos/agf-domain';

type Content = () => AsyncIterable<Uint8Array>;

/** The artifacts of one tenant, as the platform's reader shows them. */
export class Artifacts implements ArtifactReader {
  readonly #content = new Map<string, { content: Content; content_type: string }>();

  /** @returns the `source` to give to a tool */
  add(content: Content | string | Buffer, content_type = 'text/csv'): string {
    const id = randomUUID();
    const bytes = typeof content === 'function' ? content : () => chunks(Buffer.from(content));
    this.#content.set(id, { content: bytes, content_type });
    return `artifact:${id}`;
  }

  /** a file of the vega-datasets package */
  addVega(file: string): string {
    return this.add(() => createReadStream(vega(file)));
  }

  open: ArtifactReader['open'] = async (id) => {
    const artifact = this.#content.get(id);
    if (!artifact) throw new CallerError('ARTIFACT_NOT_FOUND', `no artifact ${id}`);
    const { content, content_type } = artifact;
    return { info: { id, name: 'a.csv', content_type, size: 0, sha256: '' }, content: content() };
  };
}

export const vega = (file: string): string =>
  join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '..', 'data', file);

/** Three bytes at a time, so that characters, quotes and line ends are cut wherever they can be. */
async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += 3) yield bytes.subarray(i, i + 3);
}

export interface TestContext extends ToolContext {
  artifacts: Artifacts;
  beats: Json[];
}

export function context(
  overrides: {
    secrets?: SecretResolver;
    signal?: AbortSignal;
    connection?: Connection;
    execution_id?: string;
    artifacts?: Artifacts;
    connectionAdmin?: ConnectionAdmin;
  } = {},
): TestContext {
  const execution_id = overrides.execution_id ?? randomUUID();
  const beats: Json[] = [];
  const connections: ConnectionResolver = {
    resolve: async <K extends ConnectionKind>(kind: K): Promise<Connection<K>> => {
      const { connection } = overrides;
      if (connection?.kind !== kind) throw new CallerError('CONNECTION_NOT_FOUND', 'the tenant has no connection');
      return connection as Connection<K>;
    },
  };
  return {
    tenant_id: randomUUID(),
    execution_id,
    node: 'load',
    visit: 1,
    effect_key: effectKey(execution_id, 'load', 1),
    signal: overrides.signal ?? new AbortController().signal,
    heartbeat: (details = null) => void beats.push(details),
    artifacts: overrides.artifacts ?? new Artifacts(),
    connections,
    connectionAdmin: overrides.connectionAdmin ?? unused(),
    executions: unused(),
    models: unused(),
    secrets: overrides.secrets ?? { open: () => Promise.reject(new CallerError('SECRET_NOT_FOUND', 'there is none')) },
    outgoing: createOutgoing({ allow: { internal: ['127.0.0.1'] } }),
    beats,
  };
}

/** A port that the test's tool does not use. */
function unused<T extends object>(): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error('this test gives no such port');
    },
  });
}
