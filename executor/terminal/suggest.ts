// "Did you mean": the known word that a mistyped one is nearest to.
import { byNumber, byText } from '../../engine/index.ts';

/** The nearest of the words, or null where none is near: about one slip in three letters is forgiven. */
export function suggest(given: string, words: Iterable<string>): string | null {
  const typed = given.toLowerCase();
  const slipsMax = Math.max(1, Math.floor(typed.length / 3));
  const near = [...words]
    .map((word) => ({ word, slips: word.startsWith(typed) ? 0 : slipsBetween(typed, word.toLowerCase()) }))
    .filter(({ slips }) => slips <= slipsMax)
    .sort((a, b) => byNumber(a.slips, b.slips) || byText(a.word, b.word));
  return near[0]?.word ?? null;
}

/** Letters to insert, remove, replace, or swap with their neighbour. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let slips = Math.min(
        rows[row - 1]![column]! + 1,
        line[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) slips = Math.min(slips, rows[row - 2]![column - 2]! + 1);
      line.push(slips);
    }
    rows.push(line);
  }
  return rows[a.length]![b.length]!;
}
