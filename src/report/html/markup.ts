/** Text that is HTML already. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | boolean | null | undefined | Markup | readonly Part[];

/** A template whose every value is escaped, numbers too, but for what is markup already; lists are put together. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let out = texts[0]!;
  values.forEach((value, i) => (out += rendered(value) + texts[i + 1]!));
  return { html: out };
}

/** Takes text as markup: for what this program itself has written, such as charts. */
export function trusted(text: string): Markup {
  return { html: text };
}

function rendered(value: Part): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return (value as readonly Part[]).map(rendered).join('');
  return typeof value === 'object' ? (value as Markup).html : escapeHtml(String(value));
}

/** Safe as text and inside quoted attributes. Control characters, which HTML forbids, are dropped. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** JSON that cannot end the script element it stands in. */
export function jsonText(value: unknown): Markup {
  return { html: JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029') };
}
