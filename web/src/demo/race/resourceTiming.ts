/** What the browser counted of requests to the chat's methods; WebSockets are not in it. */
export interface ObservedRequests {
  readonly requests: number;
  /** Of the response bodies as they crossed. */
  readonly bodyBytes: number;
}

/** Listens to Resource Timing, whose buffer for later would be full after 250 requests. */
export function observeRequests(): { stop(): ObservedRequests } {
  let requests = 0;
  let bodyBytes = 0;
  const count = (entries: PerformanceEntryList) => {
    for (const entry of entries as PerformanceResourceTiming[]) {
      if (entry.name.includes('ChatService/')) {
        requests++;
        bodyBytes += entry.encodedBodySize;
      }
    }
  };
  const observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ type: 'resource' });
  return {
    stop() {
      count(observer.takeRecords());
      observer.disconnect();
      return { requests, bodyBytes };
    },
  };
}
