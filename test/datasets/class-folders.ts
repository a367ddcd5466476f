import { element, mat, matrix, types } from '../formats/mat-builder.js';

/** `cars_annos.mat`, written as the published file is: structs with these fields, and names of classes. */
export function carAnnotations(
  rows: readonly (readonly [path: string, class_: number])[],
  names: readonly string[],
): Buffer {
  const number = (value: number) => matrix(6, [1, 1], '', element(types.uint8, Uint8Array.of(value), { small: true }));
  const text = (value: string) => matrix(4, [1, value.length], '', element(types.utf8, value));
  const fields = ['relative_im_path', 'bbox_x1', 'class', 'test'];
  const width = element(types.int32, Int32Array.of(32), { small: true });
  const names_ = element(types.int8, fields.map((field) => field.padEnd(32, '\0')).join(''));
  const structs = rows.flatMap(([path, c]) => [text(path), number(9), number(c), number(0)]);
  return Buffer.from(
    mat(
      matrix(2, [1, rows.length], 'annotations', width, names_, ...structs),
      matrix(1, [1, names.length], 'class_names', ...names.map(text)),
    ),
  );
}
