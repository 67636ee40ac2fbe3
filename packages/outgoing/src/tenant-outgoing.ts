import { type OutgoingClient } from '@aumos/agf-domain';
import { createOutgoing, type OutgoingOptions } from './create-outgoing.js';

/** What a tenant lets its tools reach, as rules; null: all that the platform lets them. Asked for each request. */
export type RulesOf = (tenantId: string) => Promise<readonly string[] | null>;

/** Clients for tenants: the platform's policy, narrowed by each tenant's own rules. */
export class TenantOutgoing {
  readonly #unlisted: OutgoingClient;

  /** @throws InvalidRuleError */
  constructor(
    private readonly rulesOf: RulesOf,
    private readonly options: OutgoingOptions = {},
  ) {
    this.#unlisted = createOutgoing(options);
  }

  of(tenantId: string): OutgoingClient {
    return {
      request: async (request) => (await this.clientOf(tenantId)).request(request),
      addresses: async (host, signal) => (await this.clientOf(tenantId)).addresses(host, signal),
    };
  }

  private async clientOf(tenantId: string): Promise<OutgoingClient> {
    const only = await this.rulesOf(tenantId);
    if (only === null) return this.#unlisted;
    return createOutgoing({ ...this.options, allow: { ...this.options.allow, only } });
  }
}
