export { embedRows, initialTable } from './psycho-table.js';
export { psycho } from './psycho.js';
