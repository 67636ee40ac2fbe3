/** One readable line: what it is about, what happened. */
export const say = (part: string, text: string): void => {
  console.log(`        ${part.padEnd(10)}  ${text}`);
};
