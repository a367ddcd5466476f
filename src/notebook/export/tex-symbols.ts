const letters =
  'alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ ' +
  'nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ ' +
  'Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ infty ∞ partial ∂ nabla ∇ emptyset ∅ hbar ℏ dots … ldots … ' +
  'cdots ⋯ vdots ⋮ ddots ⋱ top ⊤ bot ⊥ forall ∀ exists ∃ degree °';

const operators =
  'cdot · times × div ÷ pm ± mp ∓ ast ∗ circ ∘ odot ⊙ oplus ⊕ otimes ⊗ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ ' +
  'equiv ≡ sim ∼ simeq ≃ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap ∩ setminus ∖ ' +
  'to → rightarrow → leftarrow ← Rightarrow ⇒ Leftarrow ⇐ iff ⇔ Leftrightarrow ⇔ mapsto ↦ mid ∣ parallel ∥ perp ⊥ ' +
  'land ∧ lor ∨ neg ¬ colon : | ‖ Vert ‖ vert | lVert ‖ rVert ‖ lvert | rvert | langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ ' +
  'lceil ⌈ rceil ⌉ { { } } prime ′ star ⋆ bullet • succ ≻ prec ≺ % % $ $ # # & & _ _ backslash \\';

const large = 'sum ∑ prod ∏ int ∫ bigcup ⋃ bigcap ⋂';

function table(words: string): Readonly<Record<string, string>> {
  const list = words.split(' ');
  return Object.fromEntries(list.flatMap((word, i) => (i % 2 ? [] : [[word, list[i + 1]]])));
}

/** Commands that stand for one symbol: identifiers, operators, and operators with limits. */
export const texLetters = table(letters);
export const texOperators = table(operators);
export const texLarge = table(large);

/** Functions named in upright letters, and those among them that carry their limits below. */
export const texFunctions: readonly string[] =
  'log ln exp sin cos tan tanh sinh cosh arg dim ker det gcd deg Pr max min sup inf lim argmax argmin'.split(' ');
export const texLimits: readonly string[] = 'max min sup inf lim argmax argmin Pr'.split(' ');

/** Widths of spacing commands, em. */
export const texSpaces: Readonly<Record<string, number>> = {
  ',': 0.17,
  ':': 0.22,
  ';': 0.28,
  '!': -0.17,
  ' ': 0.25,
  quad: 1,
  qquad: 2,
};

/** Marks above or below an expression. */
export const texAccents: Readonly<Record<string, { mark: string; below?: true }>> = {
  hat: { mark: '^' },
  widehat: { mark: '^' },
  tilde: { mark: '~' },
  widetilde: { mark: '~' },
  bar: { mark: '¯' },
  overline: { mark: '¯' },
  vec: { mark: '→' },
  dot: { mark: '˙' },
  ddot: { mark: '¨' },
  underline: { mark: '_', below: true },
};

const irregular: Readonly<Record<string, string>> = {
  ...{ bbC: 'ℂ', bbH: 'ℍ', bbN: 'ℕ', bbP: 'ℙ', bbQ: 'ℚ', bbR: 'ℝ', bbZ: 'ℤ' },
  ...{ calB: 'ℬ', calE: 'ℰ', calF: 'ℱ', calH: 'ℋ', calI: 'ℐ', calL: 'ℒ', calM: 'ℳ', calR: 'ℛ' },
};
const capitals: Readonly<Record<string, number>> = { bb: 0x1d538, cal: 0x1d49c };

/** A letter in another alphabet of Unicode: `bb` with double strokes, `cal` in script. Others stay as they are. */
export function texAlphabet(alphabet: 'bb' | 'cal', letter: string): string {
  const known = irregular[alphabet + letter];
  if (known) return known;
  return /^[A-Z]$/.test(letter) ? String.fromCodePoint(capitals[alphabet] + letter.charCodeAt(0) - 65) : letter;
}
