import {
  ExternalStorage,
  StorageDriverClaim,
  type DataConverter,
  type Payload,
  type StorageDriver,
  type StorageDriverStoreContext,
} from '@temporalio/common';

/** Where values go that are too large for a history. */
export interface LargePayloads {
  /** @param executionId null: an approval's @returns what they are found by, in order */
  put(tenantId: string, executionId: string | null, contents: readonly Uint8Array[]): Promise<string[]>;
  /** In the order of the ids. @throws when one is gone */
  get(tenantId: string, ids: readonly string[]): Promise<Uint8Array[]>;
}

/** Larger values are kept beside the history, which names them. Source: the platform's claim check. */
const LARGE_BYTES = 128 * 1024;
const UTF8 = new TextDecoder();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Of `<tenant>/<execution>` or `<tenant>/approval/<id>`. @throws Error for a workflow that is none of ours */
function ownerOf({ target }: StorageDriverStoreContext): { tenant: string; execution: string | null } {
  const id = target?.kind === 'workflow' ? target.id : undefined;
  const [tenant, execution, approval] = (id ?? '').split('/');
  if (!tenant || !execution) throw new Error("a large payload is nobody's");
  return { tenant, execution: approval === undefined ? execution : null };
}

interface Claim {
  tenant: string;
  id: string;
  encoding: string;
}

const claimOf = ({ claimData }: StorageDriverClaim): Claim => claimData as unknown as Claim;

/** Temporal's port over {@link LargePayloads}: a value's bytes go there, its encoding stays in the reference. */
const driverOf = (payloads: LargePayloads): StorageDriver => ({
  name: 'agf',
  type: 'agf.payloads',
  async store(context, values) {
    const { tenant, execution } = ownerOf(context);
    const ids = await payloads.put(
      tenant,
      execution,
      values.map(({ data }) => data ?? new Uint8Array()),
    );
    return values.map(({ metadata }, i) => {
      const encoding = UTF8.decode(metadata?.['encoding'] ?? new Uint8Array());
      return new StorageDriverClaim({ tenant, id: ids[i] as string, encoding });
    });
  },
  async retrieve(_context, claims) {
    const wanted = claims.map(claimOf);
    const found = new Map<string, Uint8Array>();
    for (const tenant of new Set(wanted.map((claim) => claim.tenant))) {
      const ids = wanted.filter((claim) => claim.tenant === tenant).map(({ id }) => id);
      const contents = await payloads.get(tenant, ids);
      ids.forEach((id, i) => found.set(id, contents[i] as Uint8Array));
    }
    return wanted.map(({ id, encoding }): Payload => ({
      metadata: { encoding: bytesOf(encoding) },
      data: found.get(id),
    }));
  },
});

/** See `HandlerCall`. */
const INLINE = bytesOf('{"inline":true,');
const isInline = ({ data }: Payload): boolean => INLINE.every((byte, i) => data?.[i] === byte);

/** For every client and worker of graph and approval workflows, so that all of them read what one wrote. */
export function withLargePayloads(payloads: LargePayloads): DataConverter {
  const driver = driverOf(payloads);
  const driverSelector = (_context: unknown, payload: Payload): StorageDriver | null =>
    isInline(payload) ? null : driver;
  return {
    externalStorage: new ExternalStorage({ drivers: [driver], driverSelector, payloadSizeThreshold: LARGE_BYTES }),
  };
}
