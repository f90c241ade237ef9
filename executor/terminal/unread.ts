// What becomes of a command when whoever read its output goes away ("| head"), which is their right and no error of ours: one that
// only prints ends with them; one that has begun something else brings that to its end, and its exit code is that of the whole.

let hasMoreToDo = false;

/** From now on, for the rest of the process. */
export const goOnUnread = (): void => {
  hasMoreToDo = true;
};

export function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (!hasMoreToDo) process.exit(0);
}
