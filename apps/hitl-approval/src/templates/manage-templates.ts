import { type Actor, type FieldError, invalidRequest, type MessageKind } from '@aumos/agf-domain';
import { AuditRepository, ChannelTemplatesRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { DEFAULT_WORDS, type Words } from './defaults.js';
import { templateProblem } from './render.js';
import { TEMPLATE_KINDS, type TemplatesView, type TemplateView } from './template.dto.js';

type Who = Pick<Actor, 'tenant_id' | 'sub'>;

/** The tenant's own words for what people are told; the platform's, where it has none. */
@Injectable()
export class ManageTemplates {
  constructor(
    private readonly db: TenantDb,
    private readonly templates: ChannelTemplatesRepository,
    private readonly audit: AuditRepository,
  ) {}

  async list(tenantId: string): Promise<TemplatesView> {
    const own = new Map(
      (await this.db.run(tenantId, () => this.templates.all())).map((row): [string, TemplateView] => [
        row.kind,
        { ...viewOf(row.kind, row), updated_by: row.updated_by, updated_at: row.updated_at.toISOString() },
      ]),
    );
    return { items: TEMPLATE_KINDS.map((kind) => own.get(kind) ?? viewOf(kind)) };
  }

  /** From the next message on. @throws ApiError NOT_FOUND for another kind, VALIDATION_ERROR */
  async replace(actor: Who, kind: string, { subject, body }: Words): Promise<TemplateView> {
    const known = kindOf(kind);
    const fields = Object.entries({ subject, body }).flatMap(([field, text]): FieldError[] => {
      const error = templateProblem(text);
      return error === null ? [] : [{ field, error }];
    });
    if (fields.length > 0) throw invalidRequest(fields);
    return this.db.run(actor.tenant_id, async () => {
      await this.templates.put({ kind: known, subject, body, updated_by: actor.sub });
      await this.audited(actor, 'replace', known);
      const row = (await this.templates.get(known))!;
      return { ...viewOf(known, row), updated_by: row.updated_by, updated_at: row.updated_at.toISOString() };
    });
  }

  /** From then on the platform's. @throws ApiError NOT_FOUND */
  async remove(actor: Who, kind: string): Promise<void> {
    const known = kindOf(kind);
    await this.db.run(actor.tenant_id, async () => {
      if (!(await this.templates.remove(known))) throw notFound();
      await this.audited(actor, 'remove', known);
    });
  }

  private async audited(actor: Who, what: string, kind: MessageKind): Promise<void> {
    const entry = { actor_id: actor.sub, action: `hitl_template.${what}`, resource_type: 'hitl_template' };
    await this.audit.append({ ...entry, resource_id: kind, outcome: 'allowed' });
  }
}

const viewOf = (kind: MessageKind, words?: Words): TemplateView => {
  const { subject, body } = words ?? DEFAULT_WORDS[kind];
  return { kind, subject, body, is_default: words === undefined, updated_by: null, updated_at: null };
};

function kindOf(text: string): MessageKind {
  const kind = TEMPLATE_KINDS.find((one) => one === text);
  if (kind === undefined) throw notFound();
  return kind;
}
