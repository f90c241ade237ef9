// The fields of the events types, one type an entry, in the notation of ../type-notation.ts.
export const eventsTypes = `
Event: action string, apiVersion string, deprecatedCount int32&, deprecatedFirstTimestamp time,
  deprecatedLastTimestamp time, deprecatedSource EventSource, eventTime* microtime, kind string,
  metadata ObjectMeta, note string, reason string, regarding ObjectReference!, related ObjectReference!,
  reportingController string, reportingInstance string^, series EventSeries, type string
EventSeries: count* int32, lastObservedTime* microtime
`;
