import type { ApprovalSettings } from '../config.js';
import type { MailServerAt } from './send-mail.js';

/** How often deliveries are tried. */
export const SENDING_PACE = Symbol('pace of deliveries');
/** The platform's mail server, or null. */
export const MAIL_SERVER = Symbol('mail server');

/** @throws Error when there is a server and no sender's address */
export function mailServerOf({ mailServerUrl, mailFrom }: ApprovalSettings): MailServerAt | null {
  if (mailServerUrl === undefined) return null;
  if (mailFrom === undefined) throw new Error('AUMOS_AGF_MAIL_SERVER_URL needs AUMOS_AGF_MAIL_FROM');
  return { url: mailServerUrl, from: mailFrom };
}
