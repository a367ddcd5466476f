import { UsageError } from '../../errors.js';
import { html, type SafeHtml } from '../../html/template.js';

/** An item to show: its name, and its picture if there is one. */
export interface Picture {
  readonly name: string;
  /** The picture as a `data:image/...;base64,` URI. */
  readonly source?: string;
}

const dataUri = /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+=*$/;

/** Writes encoded bytes of a picture as a data URI. */
export function pictureSource(bytes: Uint8Array, type: 'png' | 'jpeg' | 'gif' | 'webp' | 'svg+xml'): string {
  return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

/**
 * Returns the picture as HTML with its name as text alternative, or the name alone.
 *
 * @throws UsageError where the source is no data URI of a picture: exported pages load nothing from elsewhere
 */
export function pictureHtml({ name, source }: Picture, size: number, more = ''): SafeHtml {
  const alt = more ? `${name}, ${more}` : name;
  if (source === undefined)
    return html`<span style="display:inline-block;min-width:${size}px;padding:8px;text-align:center">${name}</span>`;
  if (!dataUri.test(source))
    throw new UsageError(`invalid picture of ${name}: ${source.slice(0, 40)}; give a data:image/...;base64 URI`);
  return html`<img src="${source}" alt="${alt}" title="${name}" width="${size}" height="${size}" style="object-fit:contain;margin:0">`;
}
