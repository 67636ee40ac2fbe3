import { CallerError, sha256Hex, type SmtpConnection, type ToolContext } from '@aumos/agf-domain';
import MailComposer from 'nodemailer/lib/mail-composer';
import { readArtifact } from '../../document/read-artifact.js';
import { type EmailSendArguments, MOST_ATTACHED_BYTES, MOST_RECIPIENTS } from './spec.js';

export interface Composed {
  message_id: string;
  recipients: string[];
  bytes: Buffer;
}

/** @throws CallerError `INVALID_ARGUMENTS`, `TOO_MANY_RECIPIENTS`, `ATTACHMENTS_TOO_LARGE`, `ARTIFACT_NOT_FOUND` */
export async function compose(
  args: EmailSendArguments,
  { from }: SmtpConnection,
  context: ToolContext,
): Promise<Composed> {
  const { to, cc = [], bcc = [], reply_to, subject, text, html } = args;
  if (text === undefined && html === undefined)
    throw new CallerError('INVALID_ARGUMENTS', 'a message has a text, or html, or both');
  const recipients = [...new Set([...to, ...cc, ...bcc])];
  if (recipients.length > MOST_RECIPIENTS)
    throw new CallerError('TOO_MANY_RECIPIENTS', `a message has at most ${String(MOST_RECIPIENTS)} recipients`);
  const attachments = await attached(args, context);
  const message_id = `<${sha256Hex(context.effect_key).slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const composer = new MailComposer({
    ...{ from, to, cc, subject, attachments, messageId: message_id },
    ...(reply_to === undefined ? {} : { replyTo: reply_to }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { message_id, recipients, bytes: await composer.compile().build() };
}

async function attached(
  { attachments = [] }: EmailSendArguments,
  context: ToolContext,
): Promise<{ filename: string; contentType: string; content: Buffer }[]> {
  const found = [];
  let left = MOST_ATTACHED_BYTES;
  for (const { source, name } of attachments) {
    const { info, bytes } = await readArtifact(source, left, context, 'ATTACHMENTS_TOO_LARGE');
    left -= bytes.length;
    found.push({ filename: name ?? info.name, contentType: info.content_type, content: bytes });
  }
  return found;
}
