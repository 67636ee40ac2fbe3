/** A JSON value as it travels on the wire and through Temporal's payloads. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
/** A JSON Schema 2020-12 document with local `$ref` only. */
export type JsonSchema = JsonObject | boolean;
