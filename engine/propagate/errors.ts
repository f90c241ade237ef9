// What propagation refuses: an object or a policy that Karmada could not carry out either. The message names the place.

export class PropagationError extends Error {
  override readonly name = 'PropagationError';
}
