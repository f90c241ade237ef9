// "-f -" as it is meant: yargs takes a bare dash for a word of its own, unless it is joined to its option.

/** Joins every bare dash to the option before it; one without an option stays, and so does all after "--". */
export function joinBareDashes(argv: readonly string[]): string[] {
  const joined: string[] = [];
  let option: string | null = null;
  let literal = false;
  for (const word of argv) {
    const previous = joined.at(-1);
    if (word === '-' && option !== null && !literal) {
      if (previous === option) joined.pop();
      joined.push(`${option}=-`);
      continue;
    }
    if (word === '--') literal = true;
    else if (!literal && /^--?[^-]/.test(word)) option = word.split('=')[0]!;
    joined.push(word);
  }
  return joined;
}
