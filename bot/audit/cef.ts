import type { OcsfEvent } from './ocsf.ts';

/** CEF severities by OCSF severity. */
const severities = [0, 1, 3, 6, 8] as const;

const headerText = (text: string) => text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');

/** Whatever some reader takes for the end of a line becomes the one that CEF can write. */
function extensionText(text: string): string {
  return text
    .replaceAll(/[\\=]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll(/[\n\v\f\u0085\u2028\u2029]/g, '\\n');
}

/** Fields without a name in CEF's dictionary go to its custom ones, each to the same one always, under their OCSF name. */
function custom(fields: readonly (readonly [name: string, value: unknown])[]): readonly (readonly [string, unknown])[] {
  return fields.flatMap(([name, value], index) => [
    [`cs${index + 1}`, value],
    [`cs${index + 1}Label`, value === undefined || value === null ? undefined : name],
  ]);
}

/** One line of ArcSight's Common Event Format, version 0. */
export function cefLine(event: OcsfEvent): string {
  const { metadata, actor, entity, unmapped } = event;
  const { vendor_name: vendor, name, version } = metadata.product;
  const header = [vendor, name, version, metadata.event_code, event.message].map(headerText).join('|');
  const fields: readonly (readonly [string, unknown])[] = [
    ['rt', event.time],
    ['externalId', metadata.uid],
    ['cat', entity.type],
    ['act', event.activity_name],
    ['outcome', event.status.toLowerCase()],
    ['suid', actor.user.uid],
    ['spriv', actor.user.type],
    ['reason', event.comment],
    ['cn1', metadata.sequence],
    ['cn1Label', metadata.sequence === undefined ? undefined : 'metadata.sequence'],
    ...custom([
      ['metadata.correlation_uid', metadata.correlation_uid],
      ['entity.uid', entity.uid],
      ['unmapped.plan_id', unmapped.plan_id],
      ['unmapped.operation', (unmapped as Record<string, unknown>)['operation']],
      ['unmapped.verdict', (unmapped as Record<string, unknown>)['verdict']],
      ['unmapped.leaf', unmapped.leaf],
    ]),
  ];
  const extension = fields.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [`${key}=${extensionText(String(value))}`],
  );
  return `CEF:0|${header}|${severities[event.severity_id]}|${extension.join(' ')}`;
}
