import { clean } from '../../tools/clean.ts';
import { escapeHtml } from '../web/html.ts';

/** For text and attribute values of XML: escaped, without characters that XML does not know. */
export function xml(text: string): string {
  return escapeHtml(clean(text.toWellFormed()).replaceAll(/[\ufffe\uffff]/g, ''));
}

type Value = string | number | null | undefined;

/** An element; attributes that are null are left out. `children` is XML already. */
export function element(name: string, attributes: Readonly<Record<string, Value>>, children: readonly string[] = []): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [` ${key}="${xml(String(value))}"`],
  );
  return `<${name}${given.join('')}${children.length === 0 ? '/>' : `>${children.join('')}</${name}>`}`;
}
