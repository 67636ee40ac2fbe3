import { type SecretReference, type SecretResolver } from '@aumos/agf-domain';

/** At the last moment: nothing that is kept has seen them. @throws ToolError `SECRET_NOT_FOUND` */
export async function openedHeaders(
  { secrets, host }: { secrets: Readonly<Record<string, SecretReference>>; host: string },
  resolver: SecretResolver,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [header, { secret, prefix = '' }] of Object.entries(secrets))
    values[header] = prefix + (await resolver.open(secret, host));
  return values;
}
