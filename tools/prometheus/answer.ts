import { z } from 'zod';
import { parseJson } from '../json.ts';

/** `[seconds, "value"]`. */
const Point = z.tuple([z.number(), z.string()]);

const Vector = z.array(z.object({ metric: z.record(z.string(), z.string()), value: Point }));
const Matrix = z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(Point) }));

/** A scalar and a string are bare points. */
const Instant = z.union([Vector, Point.transform((value) => [{ metric: {}, value }])]);

export function instantAnswer(text: string): z.infer<typeof Vector> {
  return dataOf(text, Instant);
}

export function rangeAnswer(text: string): z.infer<typeof Matrix> {
  return dataOf(text, Matrix);
}

export function seriesAnswer(text: string): Record<string, string>[] {
  return parseJson(either(z.array(z.record(z.string(), z.string()))), text);
}

export function stringsAnswer(text: string): string[] {
  return parseJson(either(z.array(z.string())), text);
}

/** What the HTTP API answered, without its wrapping. */
export function apiAnswer<T>(data: z.ZodType<T>, text: string): T {
  return parseJson(z.object({ status: z.literal('success'), data }), text).data;
}

/** The first ones, and how many were left out. */
export function head<T>(all: readonly T[], limit: number): { readonly kept: T[]; readonly omitted: number } {
  return { kept: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
}

/** promtool prints the result alone; the HTTP API wraps it. */
function dataOf<T>(text: string, type: z.ZodType<T>): T {
  return parseJson(
    either(type, (data) => z.object({ result: data }).transform(({ result }) => result)),
    text,
  );
}

function either<T>(type: z.ZodType<T>, wrapped: (type: z.ZodType<T>) => z.ZodType<T> = (same) => same): z.ZodType<T> {
  return z.union([type, z.object({ status: z.literal('success'), data: wrapped(type) }).transform(({ data }) => data)]);
}

/** Prometheus' text of a number; null for NaN and the infinities, which JSON cannot say. */
export function numberOf(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** RFC 3339 of milliseconds; null: one of the ends of 64-bit time, which stand for none. */
export function timeOf(milliseconds: number): string | null {
  return Math.abs(milliseconds) > 8.64e15 ? null : instantOf(milliseconds / 1000);
}

/** RFC 3339 in UTC with milliseconds. */
export function instantOf(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}
