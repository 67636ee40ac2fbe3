/** Of a million tokens. */
interface Price {
  input: number;
  output: number;
}

/** By model; `*` is of those that are not named. Each text is `model=input/output`. */
export const pricesOf = (texts: readonly string[]): ReadonlyMap<string, Price> =>
  new Map(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      const [input, output] = text.slice(at + 1).split('/');
      return [text.slice(0, at), { input: Number(input), output: Number(output) }];
    }),
  );

/** In millionths: what a million tokens cost is what a token costs in them. A model without a price costs nothing. */
export function costOf(
  prices: ReadonlyMap<string, Price>,
  model: string | null,
  { input_tokens, output_tokens }: { input_tokens: number; output_tokens: number },
): number {
  const price = prices.get(model ?? '') ?? prices.get('*');
  return price ? Math.ceil(price.input * input_tokens + price.output * output_tokens) : 0;
}
