const companions = new Set([
  ...['__macosx', 'icon\r', 'thumbs.db', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini'],
  ...['$recycle.bin', 'system volume information', '@eadir', '#recycle', 'lost+found'],
]);

/**
 * Does a file or folder of this name belong to an operating system or a tool, and to no data set?
 *
 * These are names with a leading dot (`._a.jpg`, `.DS_Store`, `.ipynb_checkpoints`), and what file managers, archivers
 * and storage leave beside data (`__MACOSX`, `Thumbs.db`, `desktop.ini`, `@eaDir`).
 */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || companions.has(name.toLowerCase());
}
