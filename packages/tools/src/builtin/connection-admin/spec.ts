import { CONNECTION_ADMIN_LEVEL, CONNECTION_KINDS, type JsonObject, type ToolSpec } from '@aumos/agf-domain';

export interface ConnectionAdminArguments {
  action: 'list' | 'create' | 'replace' | 'disable';
  name?: string;
  connection?: JsonObject;
}

const connection: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    kind: { enum: [...CONNECTION_KINDS] },
    settings: { type: 'object' },
    secret: { type: 'string', description: 'the name of a secret, never what it is' },
    enabled: { type: 'boolean' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
  },
  required: ['name', 'kind', 'settings', 'enabled', 'created_at', 'updated_at'],
  additionalProperties: false,
};

export const CONNECTION_ADMIN: ToolSpec = {
  name: 'connection_admin',
  version: 1,
  description:
    "Lists, creates, replaces or disables the tenant's connections to databases, mail servers, object stores and systems of tickets. Credentials are named as secrets, which are kept elsewhere.",
  category: 'admin',
  input_schema: {
    type: 'object',
    properties: {
      action: { enum: ['list', 'create', 'replace', 'disable'] },
      name: { type: 'string', minLength: 1, maxLength: 64, description: 'of the one to replace or disable' },
      connection: {
        type: 'object',
        description: 'to create or replace: name, kind, settings of that kind, and the name of a secret',
      },
    },
    required: ['action'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: { connections: { type: 'array', items: connection } },
    required: ['connections'],
    additionalProperties: false,
  },
  min_privilege_level: CONNECTION_ADMIN_LEVEL,
  // What is there already is a CONFLICT of the second attempt.
  idempotent: false,
  timeout_seconds: 30,
};
