import {
  ApiError,
  type DefinitionCatalog,
  definitionHash,
  type Finding,
  mergePublication,
  type PrivilegeLevel,
  type PublicationBody,
  validateDefinition,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { PublishCatalog } from './definition-catalog.js';

/** A definition that may be published, as a version is stored. */
export interface CheckedDefinition {
  definition: WorkflowDefinition;
  content_hash: string;
  warnings: Finding[];
  /** by name: the version that a call without one means */
  called_versions: Record<string, number>;
  /** by name: what its tools need now, its agents' included */
  tool_levels: Record<string, PrivilegeLevel>;
}

/** What was found, and what it was found with. */
export interface Inspection {
  /** where nothing found is an error */
  definition: WorkflowDefinition | undefined;
  findings: Finding[];
  /** the definition with what the body around it adds, unchecked */
  sent: unknown;
  catalog: DefinitionCatalog;
}

/** Everything publishing checks, of a body as it is sent. */
@Injectable()
export class CheckDefinition {
  constructor(private readonly catalog: PublishCatalog) {}

  /** Every finding, errors first or not; whatever it is given. */
  async inspect(tenantId: string, body: PublicationBody): Promise<Inspection> {
    const merged = mergePublication(body);
    const catalog = await this.catalog.of(tenantId, merged.definition);
    const checked = validateDefinition(merged.definition, catalog);
    const findings = [...merged.findings, ...checked.findings];
    const valid = !findings.some(isError);
    return { definition: valid ? checked.definition : undefined, findings, sent: merged.definition, catalog };
  }

  /** @throws ApiError INVALID_DEFINITION with every finding in `details.findings` */
  async publishable(tenantId: string, body: PublicationBody): Promise<CheckedDefinition> {
    const { definition, findings, catalog } = await this.inspect(tenantId, body);
    const errors = findings.filter(isError);
    if (!definition || errors.length > 0)
      throw new ApiError('INVALID_DEFINITION', `The definition has ${errors.length} error(s).`, { findings });
    const called_versions = calledVersions(definition, catalog);
    const levels = [...catalog.tools].map(([name, { min_privilege_level }]) => [name, min_privilege_level] as const);
    const tool_levels = Object.fromEntries(levels);
    return { definition, content_hash: definitionHash(definition), warnings: findings, called_versions, tool_levels };
  }
}

/** The newest of each called workflow, as publishing found them; its own name needs none: that is this very version. */
const calledVersions = (
  { name, nodes }: WorkflowDefinition,
  { workflows }: DefinitionCatalog,
): Record<string, number> =>
  Object.fromEntries(
    nodes.flatMap((node) => {
      if (node.type !== 'workflow' || node.workflow === name) return [];
      const newest = workflows?.get(node.workflow)?.versions.at(-1);
      return newest === undefined ? [] : [[node.workflow, newest]];
    }),
  );

const isError = ({ severity }: Finding): boolean => severity === 'error';
