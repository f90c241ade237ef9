// Tests of who is served next.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FairSeats, type Release } from './fairness.ts';

const OPTIONS = { seats: 4, waitingMax: 3, waitMs: 1000 };

let seats: FairSeats;

beforeEach(() => {
  vi.useFakeTimers();
  seats = new FairSeats(OPTIONS);
});

afterEach(() => void vi.useRealTimers());

const settled = async () => {
  for (let at = 0; at < 5; at += 1) await Promise.resolve();
};

describe('fair seats', () => {
  it('are given at once while there are some, but never all to one client', () => {
    expect(seats.tryTake('a', 1)).not.toBeNull();
    expect(seats.tryTake('a', 2)).not.toBeNull();
    expect(seats.tryTake('a', 1)).toBeNull();
    expect(seats.tryTake('b', 1)).not.toBeNull();
    expect(seats.tryTake('c', 1)).toBeNull();
  });

  it('are given even to work that is wider than everything', () => {
    expect(seats.tryTake('a', 1000)).not.toBeNull();
    expect(seats.seatsTaken()).toBe(3);
  });

  it('go to the client that has the fewest', async () => {
    const held = ['a', 'a', 'a', 'b'].map((client) => seats.tryTake(client, 1)!);
    const order: string[] = [];
    const wait = (client: string) => void seats.take(client, 1).then(() => order.push(client));
    wait('a');
    wait('b');
    wait('c');
    held[0]!();
    await settled();
    expect(order).toEqual(['c']);
    held[3]!();
    await settled();
    expect(order).toEqual(['c', 'b']);
  });

  it('are not taken past those who wait', () => {
    const held = seats.tryTake('a', 3)!;
    void seats.take('a', 3);
    held();
    expect(seats.tryTake('a', 1)).toBeNull();
  });

  it('cannot be given back twice', () => {
    const held = seats.tryTake('a', 2)!;
    held();
    held();
    expect(seats.seatsTaken()).toBe(0);
  });

  it('are refused where too many wait, and after too long a wait', async () => {
    seats.tryTake('a', 3);
    const waits = [1, 2, 3].map(() => seats.take('a', 3).catch((error) => error.status.code));
    await expect(seats.take('a', 1)).rejects.toMatchObject({ status: { code: 429 } });
    vi.advanceTimersByTime(1000);
    expect(await Promise.all(waits)).toEqual([429, 429, 429]);
    expect(seats.waiting()).toBe(0);
  });

  it('are all free again when everybody has left, whatever the order', async () => {
    const taken: Release[] = [];
    const clients = ['a', 'b', 'c', 'a', 'b', 'a'];
    for (const [at, client] of clients.entries()) {
      const width = 1 + (at % 3);
      const now = seats.tryTake(client, width);
      if (now === null) void seats.take(client, width).then((release) => taken.push(release));
      else taken.push(now);
    }
    for (let turn = 0; turn < 20; turn += 1) {
      taken.shift()?.();
      await settled();
    }
    expect(seats.seatsTaken()).toBe(0);
    expect(seats.waiting()).toBe(0);
  });
});
