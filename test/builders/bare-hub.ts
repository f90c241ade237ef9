// A connection to a hub in this process that may do everything, and soon gives up.
import { HttpApi } from '../../executor/live/http-api.ts';
import { startPlainHub } from './plain-hub.ts';

const TIMEOUT_MS = 400;

export async function bareHub(): Promise<{ readonly api: HttpApi; readonly close: () => Promise<void> }> {
  const { server, address } = await startPlainHub();
  const api = new HttpApi(address, { timeoutMs: TIMEOUT_MS });
  return {
    api,
    close: async () => {
      api.close();
      await server.close();
    },
  };
}
