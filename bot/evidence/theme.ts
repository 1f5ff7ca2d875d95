import type { NodeKind, Relation } from './model.ts';

/** Text has at least 4.5 to 1 against what is behind it, lines have 3 to 1. */
export interface Theme {
  readonly page: string;
  readonly box: string;
  readonly text: string;
  readonly quiet: string;
  readonly kinds: Readonly<Record<NodeKind, string>>;
  readonly relations: Readonly<Record<Relation, string>>;
}

export const light: Theme = {
  page: '#ffffff',
  box: '#f8f9fb',
  text: '#1d2129',
  quiet: '#555d6b',
  kinds: {
    alert: '#b3261e',
    change: '#8a5200',
    observation: '#3a5a80',
    finding: '#7a3ea8',
    step: '#0b6b6b',
    verification: '#2c6e2f',
    memory: '#5d6472',
  },
  relations: { supports: '#3a6ea5', contradicts: '#b3261e', caused: '#8a5200', 'verified by': '#2c6e2f', resembles: '#6b7280' },
};

export const dark: Theme = {
  page: '#1a1d21',
  box: '#25292f',
  text: '#eceef1',
  quiet: '#b0b7c3',
  kinds: {
    alert: '#ff8a80',
    change: '#f0b35c',
    observation: '#9cc3ee',
    finding: '#d3a6f5',
    step: '#6fd3d3',
    verification: '#8fd694',
    memory: '#b0b7c3',
  },
  relations: { supports: '#7fb2e8', contradicts: '#ff8a80', caused: '#f0b35c', 'verified by': '#8fd694', resembles: '#9aa3b2' },
};

/** Told apart without colour: the pattern of a line. */
export const dashes: Readonly<Record<Relation, string | null>> = {
  supports: null,
  contradicts: '2 4',
  caused: '9 4',
  'verified by': '9 3 2 3',
  resembles: '1 6',
};

const classOf = (name: string) => name.replaceAll(' ', '-');

function rules(theme: Theme): string {
  const marks = Object.entries({ ...theme.kinds, ...theme.relations });
  return [
    `.page{fill:${theme.page}}.box{fill:${theme.box}}.text{fill:${theme.text}}.quiet{fill:${theme.quiet}}`,
    ...marks.map(([name, color]) => `.f-${classOf(name)}{fill:${color}}.s-${classOf(name)}{stroke:${color}}`),
  ].join('');
}

/** Follows the reader's setting. A page that shows the picture inline may overrule the same classes. */
export const autoStyle = `@media (prefers-color-scheme:dark){${rules(dark)}}`;

export const fillClass = (name: NodeKind | Relation) => `f-${classOf(name)}`;
export const strokeClass = (name: NodeKind | Relation) => `s-${classOf(name)}`;
