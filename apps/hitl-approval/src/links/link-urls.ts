import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';
import { type Link, LinkTokens } from './link-tokens.js';

/** Where links lead. */
@Injectable()
export class LinkUrls {
  constructor(
    private readonly tokens: LinkTokens,
    @Inject(SETTINGS) private readonly settings: Pick<ApprovalSettings, 'consoleUrl' | 'publicUrl'>,
  ) {}

  /** What a notice carries; null where nobody has said where the API or the console is. */
  ofNotice(link: Link, approvalId: string): string | null {
    const token = this.tokens.sign(link);
    const { publicUrl } = this.settings;
    if (publicUrl !== undefined) return `${trimmed(publicUrl)}/api/v1/hitl/links/${token}`;
    return this.settings.consoleUrl === undefined ? null : this.toDecide(approvalId, token);
  }

  /** Where one decides: in the console, or, where there is none, by this path of the API. @param token null: it was used */
  toDecide(approvalId: string, token: string | null): string {
    const { consoleUrl } = this.settings;
    if (consoleUrl === undefined) return `/api/v1/hitl/${approvalId}`;
    return `${trimmed(consoleUrl)}/approvals/${approvalId}${token === null ? '' : `?link=${token}`}`;
  }
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');
