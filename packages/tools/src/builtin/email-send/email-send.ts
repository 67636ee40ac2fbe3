import { type BuiltinTool } from '@aumos/agf-domain';
import { compose } from './compose.js';
import { deliver } from './deliver.js';
import { EMAIL_SEND, type EmailSendArguments } from './spec.js';

/** @param ca certificates in PEM that are trusted, in place of Node's */
export const emailSendBy = (ca?: string): BuiltinTool => ({
  spec: EMAIL_SEND,
  async run(args, context) {
    const given = args as unknown as EmailSendArguments;
    const connection = await context.connections.resolve('smtp', given.connection);
    const message = await compose(given, connection, context);
    const { accepted, rejected } = await deliver(connection, message, context, ca);
    return { message_id: message.message_id, accepted, rejected };
  },
});

export const emailSend = emailSendBy();
