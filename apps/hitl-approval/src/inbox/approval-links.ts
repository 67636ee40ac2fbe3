import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';
import type { LinksView } from './inbox.view.js';

/** Where an approval is found: by the API, below its public address where one is set, and in the console. */
@Injectable()
export class ApprovalLinks {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<ApprovalSettings, 'consoleUrl' | 'publicUrl'>) {}

  of({ id, execution_id }: { id: string; execution_id: string }): LinksView {
    const { consoleUrl, publicUrl = '' } = this.settings;
    const api = `${trimmed(publicUrl)}/api/v1`;
    return {
      self: `${api}/hitl/${id}`,
      page: consoleUrl === undefined ? null : `${trimmed(consoleUrl)}/approvals/${id}`,
      execution: `${api}/executions/${execution_id}`,
    };
  }
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');
