// The time as the live driver tells it to controllers: whole milliseconds, and never back, whatever happens to the clock.

export function wallTime(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last, Date.now());
    return last;
  };
}
