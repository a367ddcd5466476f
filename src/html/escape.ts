const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Text for titles, labels and hover texts of plotly, which reads a few HTML tags and entities in them. */
export function plotlyText(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]);
}

function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = Array.from(value as unknown as ArrayLike<number>);
    // The nearest double of a float32 has 17 digits where 7 or 8 tell it apart.
    return value instanceof Float32Array ? numbers.map((x) => Number(x.toPrecision(8))) : numbers;
  }
  return value;
}

/** JSON of a figure's parts, typed arrays as arrays, not finite numbers as null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plain);
}

/** JSON to stand inside a script element: no text in it can end the script or open a comment. */
export function scriptJson(value: unknown): string {
  return toJson(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
