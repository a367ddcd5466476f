import { html } from '../../html/template.js';
import { type Picture, pictureHtml } from './picture.js';

export interface GalleryOptions {
  caption?: string;
  /** Width and height of a picture, pixels. */
  size?: number;
}

const defaults = { caption: 'Pictures', size: 64 };

/** Shows pictures side by side, each with its name as text alternative. */
export function galleryHtml(pictures: readonly Picture[], options: GalleryOptions = {}): string {
  const { caption, size } = { ...defaults, ...options };
  const items = pictures.map(
    (picture) => html`<span style="display:inline-block;margin:3px">${pictureHtml(picture, size)}</span>`,
  );
  return html`
    <figure style="margin:0"><figcaption style="font-weight:bold">${caption}</figcaption>${items}</figure>
  `.toString();
}
