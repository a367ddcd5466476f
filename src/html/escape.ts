const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML, inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Escapes text for titles, labels and hover texts of plotly, which interprets a few HTML tags and entities. */
export function plotlyText(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]);
}

function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = Array.from(value as unknown as ArrayLike<number>);
    // A float32 as the nearest double has 17 digits, where 7 or 8 are enough to identify it.
    return value instanceof Float32Array ? numbers.map((x) => Number(x.toPrecision(8))) : numbers;
  }
  return value;
}

/** Writes a figure's parts as JSON: typed arrays as arrays, numbers that are not finite as null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plain);
}

/** Writes JSON for a script element: no text in it can end the script or open a comment. */
export function scriptJson(value: unknown): string {
  return toJson(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
