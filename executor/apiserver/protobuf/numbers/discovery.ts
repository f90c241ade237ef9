// The field numbers of the discovery messages, in the notation of ../field-numbers.ts.
export const discoveryNumbers = `
Endpoint: addresses, conditions, hostname, targetRef, deprecatedTopology, nodeName, zone, hints
EndpointConditions: ready, serving, terminating
EndpointHints: forZones
EndpointPort: name, protocol, port, appProtocol
EndpointSlice: metadata, endpoints, ports, addressType
ForZone: name
`;
