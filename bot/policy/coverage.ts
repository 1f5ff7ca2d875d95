import { z } from 'zod';

const Place = z.object({ row: z.number() });
const Report = z.object({
  coverage: z.number(),
  files: z.record(z.string(), z.object({ not_covered: z.array(z.object({ start: Place, end: Place })).default([]) })),
});

/** What opa test --coverage --format json says, in words: the figure, and where no test comes by. Null when it is something else. */
export function coverageWords(report: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(report);
  } catch {
    return null;
  }
  const parsed = Report.safeParse(json);
  if (!parsed.success) return null;
  const lines = Object.entries(parsed.data.files).flatMap(([file, { not_covered }]) => {
    const rows = new Set(
      not_covered.flatMap(({ start, end }) => Array.from({ length: end.row - start.row + 1 }, (_, index) => start.row + index)),
    );
    return rows.size === 0 ? [] : [`${file}:${[...rows].toSorted((a, b) => a - b).join(',')}`];
  });
  return `coverage ${Number(parsed.data.coverage.toFixed(1))} %${lines.length === 0 ? '' : `, not covered: ${lines.join(' ')}`}`;
}
