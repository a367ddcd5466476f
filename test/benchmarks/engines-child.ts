import { describeEngines } from '../../src/engine/index.js';
import { answer } from './child.js';

// Tells which engines work here.

void answer(() => describeEngines());
