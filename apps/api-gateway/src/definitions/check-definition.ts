import {
  ApiError,
  definitionHash,
  type Finding,
  mergePublication,
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
}

/** Everything publishing checks, of a body as it is sent. */
@Injectable()
export class CheckDefinition {
  constructor(private readonly catalog: PublishCatalog) {}

  /** Every finding, errors first or not; never throws, whatever it is given. */
  findings(body: PublicationBody): { definition: WorkflowDefinition | undefined; findings: Finding[] } {
    const merged = mergePublication(body);
    const checked = validateDefinition(merged.definition, this.catalog.current());
    return { definition: checked.definition, findings: [...merged.findings, ...checked.findings] };
  }

  /** @throws ApiError INVALID_DEFINITION with every finding in `details.findings` */
  publishable(body: PublicationBody): CheckedDefinition {
    const { definition, findings } = this.findings(body);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (!definition || errors.length > 0)
      throw new ApiError('INVALID_DEFINITION', `The definition has ${errors.length} error(s).`, { findings });
    return { definition, content_hash: definitionHash(definition), warnings: findings };
  }
}
