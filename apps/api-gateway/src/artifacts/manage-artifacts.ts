import { Readable } from 'node:stream';
import { type Actor } from '@aumos/agf-domain';
import { ArtifactsRepository, ArtifactStore, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';
import type { ArtifactsQueryDto } from './artifact.dto.js';
import { artifactView, type ArtifactView } from './artifact.view.js';

/** Data in and out, streamed. What is not complete, or another tenant's, does not exist. */
@Injectable()
export class ManageArtifacts {
  constructor(
    private readonly db: TenantDb,
    private readonly artifacts: ArtifactsRepository,
    private readonly store: ArtifactStore,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  get maxBytes(): number {
    return this.settings.artifactMaxBytes;
  }

  /** @throws ApiError PAYLOAD_TOO_LARGE; of a body that broke off nothing is left */
  async upload(
    actor: Actor,
    name: string,
    contentType: string,
    body: AsyncIterable<Uint8Array>,
  ): Promise<ArtifactView> {
    const artifact = { name, content_type: contentType, created_by: actor.sub };
    return artifactView(await this.store.write(actor.tenant_id, artifact, body, this.maxBytes));
  }

  async list(tenantId: string, query: ArtifactsQueryDto): Promise<Page<ArtifactView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.artifacts.list(query);
      return pageOf(items.map(artifactView), total, query);
    });
  }

  async get(tenantId: string, id: string): Promise<ArtifactView> {
    const row = await this.db.run(tenantId, () => this.artifacts.get(id));
    if (!row) throw notFound();
    return artifactView(row);
  }

  async content(tenantId: string, id: string): Promise<{ artifact: ArtifactView; content: Readable }> {
    const artifact = await this.get(tenantId, id);
    const opened = await this.store.open(tenantId, id);
    if (!opened) throw notFound();
    return { artifact, content: Readable.from(opened.content) };
  }

  async remove(tenantId: string, id: string): Promise<void> {
    if (!(await this.store.remove(tenantId, id))) throw notFound();
  }
}
