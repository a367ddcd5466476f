// The kernels that matrix products and convolutions are made of, and the interpreter that threads run them by.
//
// A product C = A B is computed in tiles of 4 x 8 numbers held in registers. Its operands are packed first: A in panels of
// 4 rows, [panel][k][4], B in panels of 8 columns, [panel][k][8], so that the inner loop reads two streams. What is packed
// is named by tables of addresses: the rows of a matrix, its columns, or the pixels under one tap of a filter with any
// stride and padding, which is all that tells a convolution from a matrix product.
import {
  add,
  assemble,
  below,
  call,
  drop,
  equal,
  fetchAdd,
  FunctionBody,
  get,
  increase,
  integer,
  less,
  load,
  loadAtomic,
  notify,
  repeatWhile,
  set,
  shiftLeft,
  storeAtomic,
  wait,
  when,
  type Local,
} from '../binary/assembler.js';
import type { Bytes } from '../binary/encoding.js';
import { COMMAND, COMMAND_BYTES, SCRATCH, TASK_BYTES, TEAM } from './layout.js';
import { multiply } from './multiply.js';
import { packColumns, packRows } from './packing.js';

const SPINS = 2000; // looks before going to sleep: waking up costs more than a short wait

/** The exports of the module. */
export interface ProductKernels {
  /** Carries out the team's tasks together with `helpers` others and returns when all are done. */
  run(team: number, scratch: number, helpers: number): void;
  /** A helper thread's life: tasks as they come, for ever. */
  help(team: number, scratch: number): void;
}

/** Carries out the commands from `first` up to `behind`; what packs A writes into the thread's own scratch memory. */
function perform(indexes: Readonly<Record<keyof typeof COMMAND, number>>): FunctionBody {
  const f = new FunctionBody(3);
  const [first, behind, scratch] = f.parameters.map(get);
  const [command, kind] = f.locals(2);
  const argument = (i: number) => load(get(command), 4 + 4 * i);
  const packed = add(scratch, integer(SCRATCH.packed));
  const pack = (index: number, target: Bytes) =>
    call(index, argument(0), argument(1), argument(2), argument(3), target, argument(5));
  const packA = (index: number) => pack(index, add(argument(4), packed));
  const packB = (index: number) => pack(index, argument(4));
  const actions: Record<keyof typeof COMMAND, Bytes> = {
    packRows4: packA(indexes.packRows4),
    packRows8: packB(indexes.packRows8),
    packColumns4: packA(indexes.packColumns4),
    packColumns8: packB(indexes.packColumns8),
    multiply: call(
      indexes.multiply,
      packed,
      ...Array.from({ length: 8 }, (_, i) => argument(i)),
      add(scratch, integer(SCRATCH.edge)),
    ),
  };
  f.body(
    set(command, first),
    repeatWhile(
      below(get(command), behind),
      set(kind, load(get(command))),
      ...Object.entries(COMMAND).map(([name, number]) =>
        when(equal(get(kind), integer(number)), [actions[name as keyof typeof COMMAND]]),
      ),
      increase(command, integer(COMMAND_BYTES)),
    ),
  );
  return f;
}

/** Takes tasks until none is left. */
function share(performIndex: number): FunctionBody {
  const f = new FunctionBody(2);
  const [team, scratch] = f.parameters.map(get);
  const [task, at] = f.locals(2);
  f.body(
    set(task, fetchAdd(team, integer(1), TEAM.next)),
    repeatWhile(
      less(get(task), load(team, TEAM.count)),
      set(at, add(load(team, TEAM.tasks), shiftLeft(get(task), integer(3)))),
      call(performIndex, load(get(at)), load(get(at), TASK_BYTES / 2), scratch),
      set(task, fetchAdd(team, integer(1), TEAM.next)),
    ),
  );
  return f;
}

/** Waits while the condition holds: awake for a while, then asleep until the value at team + offset is no longer `now`. */
function waitWhile(condition: Bytes, look: Bytes, team: Bytes, offset: number, now: Bytes, spins: Local): Bytes {
  return [
    set(spins, integer(0)),
    look,
    repeatWhile(
      condition,
      increase(spins, integer(1)),
      when(less(integer(SPINS), get(spins)), [wait(team, now, offset)]),
      look,
    ),
  ].flat();
}

function run(shareIndex: number): FunctionBody {
  const f = new FunctionBody(3);
  const [team, scratch, helpers] = f.parameters.map(get);
  const [done, spins] = f.locals(2);
  f.body(
    storeAtomic(team, integer(0), TEAM.finished),
    storeAtomic(team, integer(0), TEAM.next),
    when(helpers, [drop(fetchAdd(team, integer(1), TEAM.sequence)), notify(team, helpers, TEAM.sequence)]),
    call(shareIndex, team, scratch),
    waitWhile(
      less(get(done), helpers),
      set(done, loadAtomic(team, TEAM.finished)),
      team,
      TEAM.finished,
      get(done),
      spins,
    ),
  );
  return f;
}

function help(shareIndex: number): FunctionBody {
  const f = new FunctionBody(2);
  const [team, scratch] = f.parameters.map(get);
  const [index, now, seen, spins] = f.locals(4);
  f.body(
    set(index, fetchAdd(team, integer(1), TEAM.arrived)),
    waitWhile(
      less(get(now), add(get(index), integer(1))),
      set(now, loadAtomic(team, TEAM.helpers)),
      team,
      TEAM.helpers,
      get(now),
      spins,
    ),
    set(seen, load(team, TEAM.admission)),
    repeatWhile(
      integer(1),
      waitWhile(
        equal(get(now), get(seen)),
        set(now, loadAtomic(team, TEAM.sequence)),
        team,
        TEAM.sequence,
        get(now),
        spins,
      ),
      set(seen, get(now)),
      call(shareIndex, team, scratch),
      drop(fetchAdd(team, integer(1), TEAM.finished)),
      notify(team, integer(1), TEAM.finished),
    ),
  );
  return f;
}

/** The module, for a memory that is shared between threads or not. */
export function productModule(shared: boolean): WebAssembly.Module {
  const kernels = {
    packRows4: packRows(4),
    packRows8: packRows(8),
    packColumns4: packColumns(4),
    packColumns8: packColumns(8),
    multiply: multiply(),
  };
  const names = Object.keys(kernels) as (keyof typeof COMMAND)[];
  const indexes = Object.fromEntries(names.map((name, i) => [name, i])) as Record<keyof typeof COMMAND, number>;
  const first = names.length;
  return assemble(
    { ...kernels, perform: perform(indexes), share: share(first), run: run(first + 1), help: help(first + 1) },
    shared,
  );
}
