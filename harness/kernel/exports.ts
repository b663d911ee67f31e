// SPDX-License-Identifier: MIT
/** `__ksymtab_NAME` marks the entry of an exported symbol; the linker script names the ends of both tables. */
const ENTRY = /^([0-9a-f]+) \w __ksymtab_(\S+)$/;
const BOUND = /^([0-9a-f]+) \w (__start___ksymtab_gpl|__stop___ksymtab_gpl)$/;

/**
 * The text of a `Module.symvers` for a kernel of which only `System.map` was kept: what modpost holds a module's
 * undefined symbols against. Checksums are 0, as kbuild writes them without MODVERSIONS; namespaces are not known.
 */
export function moduleSymvers(systemMap: string): string {
  const bounds = new Map<string, bigint>();
  const entries: {address: bigint; symbol: string}[] = [];
  for (const line of systemMap.split('\n')) {
    const bound = BOUND.exec(line);
    if (bound !== null) {
      bounds.set(bound[2] ?? '', BigInt(`0x${bound[1]}`));
      continue;
    }
    const entry = ENTRY.exec(line);
    if (entry !== null) entries.push({address: BigInt(`0x${entry[1]}`), symbol: entry[2] ?? ''});
  }
  const start = bounds.get('__start___ksymtab_gpl') ?? 0n;
  const stop = bounds.get('__stop___ksymtab_gpl') ?? 0n;
  return entries
    .map(({address, symbol}) => {
      const how = address >= start && address < stop ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL';
      return `0x00000000\t${symbol}\tvmlinux\t${how}\t\n`;
    })
    .join('');
}
