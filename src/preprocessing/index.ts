export { augmentationDraws } from './augmentation.js';
export { PictureLoader, type PictureLoaderOptions } from './loading/picture-loader.js';
export type { Augmentation, BadPicture, Picture, PictureBatch, PictureRequest } from './picture.js';
export { imageSize, normalization, recipeOf, type Recipe } from './recipe.js';
export { unreadable, type Unreadable } from './unreadable.js';
