import type { FromJsonSchema, Json, JsonObject, JsonSchemaLiteral } from '@aumos/agf-domain/runtime';
import type { StandardSchema } from './standard-schema.js';

/** JSON Schema, or a schema of zod and its like. */
export type HandlerSchema = JsonSchemaLiteral | StandardSchema;

/** What a handler with this input schema is called with. Without one: any object. */
export type ArgumentsOf<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['output']
  : S extends JsonSchemaLiteral
    ? FromJsonSchema<S>
    : JsonObject;

/** What a handler with this output schema gives. Without one: any JSON. */
export type ResultOf<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['input']
  : S extends JsonSchemaLiteral
    ? FromJsonSchema<S>
    : Json;

/** What a definition sends to a handler with this input schema, before the schema turns it into arguments. */
export type SentTo<S> = S extends StandardSchema ? NonNullable<S['~standard']['types']>['input'] : ArgumentsOf<S>;

/** What a definition gets of a handler with this output schema. */
export type ReceivedOf<S> = S extends StandardSchema ? NonNullable<S['~standard']['types']>['output'] : ResultOf<S>;
