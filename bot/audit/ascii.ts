/** JSON in printable ASCII only, so that nothing on its way to a file or through a terminal can change it; it reads as it was. */
export function asciiJson(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
