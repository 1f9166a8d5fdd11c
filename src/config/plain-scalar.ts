/** What YAML's core schema makes of an unquoted text. */
export function plainScalar(text: string): string | number | boolean | null {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^(?:~|null|Null|NULL)?$/.test(text)) return null;
  if (/^[-+]?\d+$/.test(text) || /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return finite(text);
  if (/^0o[0-7]+$|^0x[0-9a-fA-F]+$/.test(text)) return finite(text);
  return text;
}

function finite(text: string): string | number {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
