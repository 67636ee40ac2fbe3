import { generate } from 'selfsigned';

/** In PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** A certificate of its own for this one name, made anew. */
export async function certificateFor(name: string): Promise<Certificate> {
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], { extensions });
  return { key, cert };
}
