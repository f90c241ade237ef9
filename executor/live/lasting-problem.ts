// A problem that is met again and again is told once, and its end once it has not been met for a while: a server may be well on one
// connection and not on the next.
const CALM_MS = 15_000;

export interface ProblemListener {
  readonly begins: (problem: string) => void;
  readonly ends: () => void;
}

/** To be called after every request, with what was wrong with it. */
export function lastingProblem({ begins, ends }: ProblemListener, now: () => number): (problem: string | null) => void {
  let told: string | null = null;
  let metAt = 0;
  return (problem) => {
    if (problem !== null) {
      metAt = now();
      if (problem === told) return;
      told = problem;
      begins(problem);
    } else if (told !== null && now() - metAt >= CALM_MS) {
      told = null;
      ends();
    }
  };
}
