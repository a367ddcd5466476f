import { UsageError } from '../../errors.js';
import type { Supervision } from '../../losses/embedding-loss.js';
import { tensorLoss } from '../../losses/index.js';
import { RandomStream } from '../../random/stream.js';
import { html, safeHtml } from '../../html/template.js';
import { lossFunctions, lossSvg, type ShownLosses } from './loss-svg.js';
import { lossScript } from './loss-script.js';
import { tools } from './script-helpers.js';
import { makeView, type View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

export interface LossPictureOptions {
  title?: string;
  /** The losses, by `loss_type` with their parameters. */
  losses: readonly {
    readonly loss_type: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly label?: string;
  }[];
  /** The angles of the embeddings on the unit circle, degrees. */
  angles: readonly number[];
  /** The index of the embedding that moves. */
  moving?: number;
  names?: readonly string[];
  /** Losses on triplets: is the first item an anchor? */
  directed?: boolean;
  /** Losses on classes: the class of each embedding. */
  classes?: readonly number[];
  /** Losses that distil: for each teacher, the angles of the same items on its circle, degrees. */
  teachers?: readonly (readonly number[])[];
  /** The number of places around the circle at which the loss is computed. */
  frames?: number;
}

const defaults = { title: 'What the loss does', frames: 120, directed: false } as const;

const onCircle = (angles: readonly number[]): Float32Array =>
  Float32Array.from(angles.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]));

/** Returns what the losses hold the embeddings against: classes, teachers, or triplets where neither is given. */
function supervisionOf({
  angles,
  classes,
  teachers,
  directed,
}: LossPictureOptions & { directed: boolean }): Supervision {
  return {
    ...(classes ? { classes: Int32Array.from(classes) } : {}),
    ...(teachers
      ? {
          teachers: {
            data: onCircle(angles.flatMap((_, i) => teachers.map((teacher) => teacher[i]))),
            count: teachers.length,
            size: 2,
          },
        }
      : {}),
    ...(classes || teachers ? {} : { triplets: true as const, directed }),
  };
}

/** Computes a loss at each place of the moving embedding, and how descent would turn each embedding there. */
function lossCurve(
  { loss_type, parameters = {}, label = loss_type }: LossPictureOptions['losses'][number],
  places: readonly number[],
  moving: number,
  options: LossPictureOptions & { directed: boolean },
): ShownLosses['curves'][number] {
  const { angles, directed } = options;
  const supervision = supervisionOf(options);
  const values: number[] = [];
  const descents: number[][] = [];
  for (const place of places) {
    const at = angles.map((angle, i) => (i === moving ? place : angle));
    const embeddings = onCircle(at);
    const loss = tensorLoss(loss_type, parameters, directed, new RandomStream(0, 'loss picture'));
    const { value, gradient } = loss.valueAndGradient(embeddings, angles.length, 2, supervision);
    if (!Number.isFinite(value))
      throw new UsageError(
        `invalid parameters of ${loss_type}: ${JSON.stringify(parameters)}; the loss is ${value}, give parameters with a finite loss`,
      );
    values.push(Number(value.toPrecision(5)));
    // dL/dtheta = g . (-sin, cos)
    const along = (i: number): number =>
      gradient[2 * i + 1] * embeddings[2 * i] - gradient[2 * i] * embeddings[2 * i + 1];
    descents.push(angles.map((_, i) => Number((-along(i)).toPrecision(4)) || 0));
  }
  return { label, values, descents };
}

/**
 * Shows a loss while one embedding moves around the unit circle and the others stay: its value, and arrows along the
 * circle for direction and size of the descent at each embedding, -dL/dtheta.
 *
 * Values and gradients are those of the losses that train, computed on the running engine for each frame; a slider
 * chooses the frame.
 *
 * @throws UsageError for an unknown loss or parameter, or where the supervision of the loss is missing or does not fit
 */
export function lossPicture(options: LossPictureOptions): View {
  const { title, losses, angles, frames, directed, classes, teachers } = { ...defaults, ...options };
  const n = angles.length;
  const moving = options.moving ?? n - 1;
  const names = options.names ?? angles.map((_, i) => `e${i + 1}`);
  if (!(Number.isInteger(moving) && moving >= 0 && moving < n))
    throw new UsageError(`invalid moving: ${moving}; give a number from 0 to ${n - 1}`);
  if (names.length !== n)
    throw new UsageError(`invalid names: ${names.length}; give one for each of the ${n} embeddings`);
  if (losses.length === 0) throw new UsageError('missing losses; give at least one');
  checkWholeNumbers({ frames });
  for (const [name, lists] of Object.entries({ classes: classes && [classes], teachers }))
    for (const list of lists ?? [])
      if (list.length !== n)
        throw new UsageError(`invalid ${name}: ${list.length}; give one for each of the ${n} embeddings`);
  const places = Array.from({ length: frames }, (_, f) => -180 + (360 * f) / frames);
  const curves = losses.map((loss) => lossCurve(loss, places, moving, { ...options, directed }));
  const start = places.reduce(
    (best, place, f) => (Math.abs(place - angles[moving]) < Math.abs(places[best] - angles[moving]) ? f : best),
    0,
  );
  const data: ShownLosses = { angles, moving, names, places, curves, start, classes, teachers };
  const list = curves.map(({ label }, c) => html`<option value="${c}">${label}</option>`);
  const alt = `${title}: ${curves.map(({ label, values }) => `${label} from ${Math.min(...values).toPrecision(3)} to ${Math.max(...values).toPrecision(3)}`).join('; ')}, as ${names[moving]} moves around a circle`;
  return makeView({
    title,
    alt,
    note:
      'Left: embeddings on the unit circle; each arrow points where descent moves its embedding along the circle; the ' +
      `steeper the loss, the longer the arrow (by the square root). ${teachers ? 'Rings inside are the places the teachers give them. ' : ''}Right: the loss at each of ${frames} places of ` +
      `${names[moving]}, computed by the code that trains. Keys: left and right move it.`,
    controls: html`
      ${curves.length > 1 ? html`<label>loss <select data-part="loss">${list}</select></label>` : undefined}
      <label>move ${names[moving]} <input type="range" data-part="place" min="0" max="${frames - 1}" value="${start}" aria-label="place of ${names[moving]}" style="width:260px"></label>
      <output data-part="told" role="status"></output>
    `,
    data,
    body: safeHtml(lossSvg(data, 0, start, tools)),
    script: lossScript,
    functions: lossFunctions,
  });
}
