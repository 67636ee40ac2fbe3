const FENCE = '```';

/** JSON without the fence in which models like to wrap it, as Markdown does. In linear time, whatever the text is. */
export function unfenced(text: string): string {
  const trimmed = text.trim();
  const line = trimmed.indexOf('\n');
  if (line < 0 || !trimmed.startsWith(FENCE) || !trimmed.endsWith(FENCE)) return text;
  const language = trimmed.slice(FENCE.length, line).trimEnd();
  return language === '' || language === 'json' ? trimmed.slice(line + 1, -FENCE.length).trim() : text;
}
